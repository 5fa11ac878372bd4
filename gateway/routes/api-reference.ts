// The description of the API, for machines as JSON and for people as pages. Both are open to everyone who reaches the gateway.
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { version } from '../../foundation/version.ts';
import { routeSchema } from '../core/operation.ts';

/** Registers `/openapi.json` below the base of the API. */
export function descriptionRoute(app: FastifyInstance, base: string): void {
  const schema = routeSchema({
    ...{ id: 'getApiDescription', tag: 'Health', summary: 'Description of this API' },
    answers: {
      200: {
        description: 'OpenAPI 3.1',
        schema: { type: 'object', additionalProperties: true },
        example: { openapi: '3.1.0', info: { title: 'DomainFlow', version }, paths: {} },
      },
    },
    isOpen: true,
  });
  app.get(`${base}/openapi.json`, { schema }, async () => app.swagger());
}

/** Content-Security-Policy of the pages: what they need comes from here, and they cannot stand inside another page. */
const pagePolicy = {
  'default-src': "'none'",
  'base-uri': "'none'",
  'connect-src': "'self'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'img-src': "'self' data:",
  'script-src': "'self'",
  'style-src': "'self'",
};

/** Registers the pages at `/docs`. They load nothing from elsewhere. */
export async function referencePages(app: FastifyInstance): Promise<void> {
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: pagePolicy,
    uiConfig: {
      // Without the bar above the page, whose style its policy refuses, and which offers to describe other addresses.
      layout: 'BaseLayout',
      ...{ docExpansion: 'none', persistAuthorization: false },
      // Roles and permissions are told by members that begin with `x-`.
      ...{ displayOperationId: true, showExtensions: true },
    },
    theme: { title: 'DomainFlow API' },
  });
}
