// What is said of a worker whose connection does not come about or does not last, so that a person knows what to mend. Where its name leads, and
// what listens there, stays unsaid.

const untrusted = new Set([
  ...['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'CERT_REVOKED', 'CERT_UNTRUSTED', 'CERT_REJECTED'],
  ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ...['UNABLE_TO_GET_ISSUER_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ...['CERT_CHAIN_TOO_LONG', 'INVALID_CA', 'INVALID_PURPOSE', 'HOSTNAME_MISMATCH'],
]);
const unresolved = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME']);

/** Completes "The worker …". */
export function connectionLostBy(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = 'code' in at && typeof at.code === 'string' ? at.code : '';
    if (unresolved.has(code)) return 'cannot be reached: the name in its endpoint cannot be resolved';
    if (untrusted.has(code)) {
      return 'cannot be reached: its certificate is not trusted, has expired or is for another name';
    }
    if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
      return 'cannot be reached: its endpoint begins with https, and TLS does not come about there';
    }
  }
  return 'cannot be reached, or broke the connection';
}
