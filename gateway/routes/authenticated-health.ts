// /health/authenticated: the state of the platform for those who have a credential, and what that credential may do.
import type { FastifyInstance } from 'fastify';
import { version } from '../../foundation/version.ts';
import { callerOf } from '../auth/require-principal.ts';
import { answerObject, listOf, oneOf, text, textOrNull, time } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { permissionsOf } from '../core/permission.ts';
import { type HealthDeps, statusOf } from './health.ts';
import { platformStatuses } from './health-schema.ts';

const operation = {
  ...{
    id: 'getAuthenticatedHealth',
    tag: 'Health',
    summary: 'How the platform is, and what your credential may do',
  },
  description: 'It answers 200 whatever the state is.',
  answers: {
    200: {
      description: 'State and permissions',
      schema: answerObject({
        status: oneOf(platformStatuses),
        timestamp: time,
        version: text,
        authenticated: { type: 'boolean', const: true },
        api_key_name: { ...textOrNull, description: 'Null for people' },
        permissions: { ...listOf(text), description: '`*` for everything' },
      }),
      example: {
        ...{ status: 'healthy', timestamp: '2026-03-01T10:00:00.000Z', version: '0.1.0' },
        ...{ authenticated: true, api_key_name: 'Nightly import', permissions: ['reports:create'] },
      },
    },
  },
} satisfies Operation;

/** Registers the route. It answers 200 whatever the state is: the question is about the credential too. */
export function authenticatedHealthRoute(
  app: FastifyInstance,
  { neighbours, breakerStates, clock }: Pick<HealthDeps, 'neighbours' | 'breakerStates' | 'clock'>,
): void {
  const config = { role: 'viewer', permission: 'health:read' } as const;
  app.get('/health/authenticated', { config, schema: routeSchema(operation) }, async (request) => {
    const { key, role } = callerOf(request);
    return {
      status: statusOf(await neighbours(), breakerStates().values()),
      timestamp: new Date(clock()).toISOString(),
      version,
      authenticated: true,
      api_key_name: key?.name ?? null,
      permissions: key?.permissions ?? permissionsOf(role),
    };
  });
}
