// /me: who the caller is, as the platform knows it.
import type { FastifyInstance } from 'fastify';
import { callerOf } from '../auth/require-principal.ts';

/** Registers the route of the caller. */
export function meRoute(app: FastifyInstance): void {
  app.get('/me', { config: { role: 'viewer', permission: 'users:read' } }, async (request) => {
    const { principal, role, tenantName, email } = callerOf(request);
    return {
      id: principal.userId,
      username: principal.username,
      email: email ?? null,
      tenant_id: principal.tenantId,
      tenant_name: tenantName,
      role,
    };
  });
}
