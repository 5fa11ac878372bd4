// Headers that keep browsers from doing with an answer what an API never wants: guess its type, run or frame it, tell others where it came from,
// or ask for it without TLS.
import type { FastifyInstance } from 'fastify';

/** On every answer, unless a route says otherwise. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
};

/** Adds them. `hstsMaxAgeS` is how long browsers shall insist on TLS, in seconds; 0 says nothing of it. */
export function addSecurityHeaders(app: FastifyInstance, hstsMaxAgeS: number): void {
  const headers = {
    ...securityHeaders,
    ...(hstsMaxAgeS > 0 ? { 'strict-transport-security': `max-age=${hstsMaxAgeS}; includeSubDomains` } : {}),
  };
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers);
  });
}
