// The development issuer over HTTP: discovery, keys, and tokens for whoever asks. It exists on one machine, for its people and tests.
import type { FastifyInstance } from 'fastify';
import { roles } from '../../foundation/identity/role.ts';
import type { SigningKeyPair } from '../../foundation/identity/signing-key.ts';
import { devAlgorithm, devIssuer } from '../auth/dev-issuer-key.ts';
import { devTokenLifetimeS, mintDevToken } from '../auth/dev-token.ts';
import { answerObject, listOf, oneOf, text } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { objectSchema, textSchema } from '../http/schema-parts.ts';

interface TokenRequest {
  readonly tenant: string;
  readonly user: string;
  readonly roles: readonly string[];
  readonly expires_in: number;
}

/** How long ago a token may have expired, for tests of what is then refused; in seconds. */
const expiredSMax = 86_400;

const tokenSchema = objectSchema(
  {
    tenant: textSchema(1, 200),
    user: textSchema(1, 100),
    roles: { type: 'array', maxItems: 3, default: [], items: { type: 'string', enum: [...roles] } },
    expires_in: {
      type: 'integer',
      minimum: -expiredSMax,
      maximum: devTokenLifetimeS,
      default: devTokenLifetimeS,
      description: 'Seconds for which it holds; below 0 it has expired already',
    },
  },
  ['tenant', 'user'],
);

const discovery = {
  ...{ issuer: text, jwks_uri: text, token_endpoint: text },
  id_token_signing_alg_values_supported: listOf(text),
  ...{ response_types_supported: listOf(text), subject_types_supported: listOf(text) },
};

const operations = {
  discovery: {
    ...{ id: 'getDevIssuer', tag: 'People', summary: 'Discovery of the development issuer', isOpen: true },
    answers: {
      200: {
        description: 'OpenID Connect Discovery',
        schema: answerObject(discovery),
        example: {
          issuer: devIssuer,
          jwks_uri: 'http://localhost:8080/dev/jwks.json',
          token_endpoint: 'http://localhost:8080/dev/token',
          id_token_signing_alg_values_supported: [devAlgorithm],
          ...{ response_types_supported: ['token'], subject_types_supported: ['public'] },
        },
      },
    },
  },
  keys: {
    ...{ id: 'getDevIssuerKeys', tag: 'People', summary: 'Keys of the development issuer', isOpen: true },
    answers: {
      200: {
        description: 'A JSON Web Key Set',
        schema: answerObject({ keys: listOf({ type: 'object', additionalProperties: true }) }),
        example: { keys: [{ kty: 'OKP', crv: 'Ed25519', x: '…', alg: devAlgorithm, use: 'sig' }] },
      },
    },
  },
  token: {
    ...{ id: 'createDevToken', tag: 'People', summary: 'A token for whoever asks', isOpen: true },
    description:
      'The development issuer exists on one machine, for its people and tests. A tenant comes into being with its first request. Of several roles the highest holds; without one you are a viewer.',
    ...{ body: tokenSchema, bodyExamples: [{ tenant: 'acme', user: 'ada', roles: ['editor'] }] },
    answers: {
      200: {
        description: 'A token',
        schema: answerObject({
          access_token: text,
          token_type: oneOf(['Bearer']),
          expires_in: { type: 'integer', description: 'Seconds' },
        }),
        example: { access_token: 'eyJhbGciOi…', token_type: 'Bearer', expires_in: devTokenLifetimeS },
      },
    },
  },
} satisfies Record<string, Operation>;

/** Registers the routes of the issuer over its key. */
export function devIssuerRoutes(app: FastifyInstance, key: SigningKeyPair): void {
  app.get(
    '/dev/.well-known/openid-configuration',
    { schema: routeSchema(operations.discovery) },
    async (request) => {
      const base = `${request.protocol}://${request.host}/dev`;
      return {
        issuer: devIssuer,
        jwks_uri: `${base}/jwks.json`,
        token_endpoint: `${base}/token`,
        id_token_signing_alg_values_supported: [devAlgorithm],
        response_types_supported: ['token'],
        subject_types_supported: ['public'],
      };
    },
  );

  app.get('/dev/jwks.json', { schema: routeSchema(operations.keys) }, async () => ({
    keys: [key.publicJwk],
  }));

  app.post<{ Body: TokenRequest }>(
    '/dev/token',
    { schema: routeSchema(operations.token) },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { expires_in, ...owner } = request.body;
      const accessToken = await mintDevToken({ key, ...owner, lifetimeS: expires_in });
      return { access_token: accessToken, token_type: 'Bearer', expires_in };
    },
  );
}
