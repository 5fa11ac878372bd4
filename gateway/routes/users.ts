// /users: who belongs to the tenant. People come into being by signing in, machines with their API keys, so there is nothing to write.
import type { FastifyInstance } from 'fastify';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { type PageQuery, wantedPage } from '../core/page-query.ts';
import { listQuerySchema } from '../http/schema-parts.ts';
import { meshCall } from './mesh-call.ts';
import { paginationJson } from './page-json.ts';

const readConfig = { role: 'viewer', permission: 'users:read' } as const;

/** Registers the route of users. */
export function userRoutes(app: FastifyInstance, { teams }: MeshClients): void {
  app.get<{ Querystring: PageQuery }>(
    '/users',
    { config: readConfig, schema: { querystring: listQuerySchema() } },
    async (request) => {
      const found = await teams.listUsers({ page: wantedPage(request.query) }, meshCall(request));
      return {
        users: found.users.map(({ id, username }) => ({ id, username })),
        pagination: paginationJson(found.page),
      };
    },
  );
}
