// The development issuer over HTTP: discovery, keys, and tokens for whoever asks. It exists on one machine, for its people and tests.
import type { FastifyInstance } from 'fastify';
import { roles } from '../../foundation/identity/role.ts';
import type { SigningKeyPair } from '../../foundation/identity/signing-key.ts';
import { devAlgorithm, devIssuer } from '../auth/dev-issuer-key.ts';
import { devTokenLifetimeS, mintDevToken } from '../auth/dev-token.ts';
import { objectSchema, textSchema } from '../http/schema-parts.ts';

interface TokenRequest {
  readonly tenant: string;
  readonly user: string;
  readonly roles: readonly string[];
}

const tokenSchema = objectSchema(
  {
    tenant: textSchema(1, 200),
    user: textSchema(1, 100),
    roles: { type: 'array', maxItems: 3, default: [], items: { type: 'string', enum: [...roles] } },
  },
  ['tenant', 'user'],
);

/** Registers the routes of the issuer over its key. */
export function devIssuerRoutes(app: FastifyInstance, key: SigningKeyPair): void {
  app.get('/dev/.well-known/openid-configuration', async (request) => {
    const base = `${request.protocol}://${request.host}/dev`;
    return {
      issuer: devIssuer,
      jwks_uri: `${base}/jwks.json`,
      token_endpoint: `${base}/token`,
      id_token_signing_alg_values_supported: [devAlgorithm],
      response_types_supported: ['token'],
      subject_types_supported: ['public'],
    };
  });

  app.get('/dev/jwks.json', async () => ({ keys: [key.publicJwk] }));

  app.post<{ Body: TokenRequest }>(
    '/dev/token',
    { schema: { body: tokenSchema } },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const accessToken = await mintDevToken({ key, ...request.body });
      return { access_token: accessToken, token_type: 'Bearer', expires_in: devTokenLifetimeS };
    },
  );
}
