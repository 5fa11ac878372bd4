// A certificate for `tool.example` that signs itself, with its key. It is worth nothing: no machine trusts it but tests.

/** The certificate in PEM. */
export const toolCertificate = `-----BEGIN CERTIFICATE-----
MIIBnjCCAUSgAwIBAgIUCyuVZc29ZRFagGqhw0At/lRZjuQwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMdG9vbC5leGFtcGxlMCAXDTI2MTEyMjE0MjMyOFoYDzIxMjYx
MDI5MTQyMzI4WjAXMRUwEwYDVQQDDAx0b29sLmV4YW1wbGUwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAATdnjgsbzprR6WPX2ltfdlzqARgWl9T3Vwp+Nm4MJUMohp7
JEPeCvWIUJtC1v1eeuxSp5pbloh7NMeI7cecI9bro2wwajAdBgNVHQ4EFgQUCDMw
va1LEObtQp3aIEb3TSytC+0wHwYDVR0jBBgwFoAUCDMwva1LEObtQp3aIEb3TSyt
C+0wDwYDVR0TAQH/BAUwAwEB/zAXBgNVHREEEDAOggx0b29sLmV4YW1wbGUwCgYI
KoZIzj0EAwIDSAAwRQIhAL94m16oMyy03uvjCBhtM7t7jFR2qyq5EcvhbZNn0CMv
AiAIOEpi6U24/QaW1SC28HnPFQCX7UqrERi+M9YKk4cc2w==
-----END CERTIFICATE-----
`;

/** Its private key in PEM. */
export const toolKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgjYh6EJjsOAjlKuP6
+lkX/Scfodb+pyrBXn4Hscod31uhRANCAATdnjgsbzprR6WPX2ltfdlzqARgWl9T
3Vwp+Nm4MJUMohp7JEPeCvWIUJtC1v1eeuxSp5pbloh7NMeI7cecI9br
-----END PRIVATE KEY-----
`;
