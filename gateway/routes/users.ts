// /users: who belongs to the tenant. People come into being by signing in, machines with their API keys, so there is nothing to write.
import type { FastifyInstance } from 'fastify';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { named, pageOf } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { type PageQuery, wantedPage } from '../core/page-query.ts';
import { listQuerySchema } from '../http/schema-parts.ts';
import { meshCall } from './mesh-call.ts';
import { paginationJson } from './page-json.ts';
import { pageExample } from './page-schema.ts';
import { userExample } from './team-schema.ts';

const readConfig = { role: 'viewer', permission: 'users:read' } as const;

const operation = {
  ...{ id: 'listUsers', tag: 'People', summary: 'Users of the tenant, newest first' },
  description: 'People come into being when they first sign in, machines with their API keys.',
  querystring: listQuerySchema(),
  answers: {
    200: {
      description: 'A page',
      schema: pageOf('users', named('User')),
      example: pageExample('users', [userExample]),
    },
  },
} satisfies Operation;

/** Registers the route of users. */
export function userRoutes(app: FastifyInstance, { teams }: MeshClients): void {
  app.get<{ Querystring: PageQuery }>(
    '/users',
    { config: readConfig, schema: routeSchema(operation) },
    async (request) => {
      const found = await teams.listUsers({ page: wantedPage(request.query) }, meshCall(request));
      return {
        users: found.users.map(({ id, username }) => ({ id, username })),
        pagination: paginationJson(found.page),
      };
    },
  );
}
