// /health/authenticated: the state of the platform for those who have a credential, and what that credential may do.
import type { FastifyInstance } from 'fastify';
import { version } from '../../foundation/version.ts';
import { callerOf } from '../auth/require-principal.ts';
import { permissionsOf } from '../core/permission.ts';
import { type HealthDeps, statusOf } from './health.ts';

/** Registers the route. It answers 200 whatever the state is: the question is about the credential too. */
export function authenticatedHealthRoute(
  app: FastifyInstance,
  { neighbours, clock }: Pick<HealthDeps, 'neighbours' | 'clock'>,
): void {
  const config = { role: 'viewer', permission: 'health:read' } as const;
  app.get('/health/authenticated', { config }, async (request) => {
    const { key, role } = callerOf(request);
    return {
      status: statusOf(await neighbours()),
      timestamp: new Date(clock()).toISOString(),
      version,
      authenticated: true,
      api_key_name: key?.name ?? null,
      permissions: key?.permissions ?? permissionsOf(role),
    };
  });
}
