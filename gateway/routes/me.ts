// /me: who the caller is, as the platform knows it.
import type { FastifyInstance } from 'fastify';
import { roles } from '../../foundation/identity/role.ts';
import { callerOf } from '../auth/require-principal.ts';
import { answerObject, oneOf, text, textOrNull } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { userExample } from './team-schema.ts';

const uuid = { type: 'string', format: 'uuid' };

const operation = {
  ...{ id: 'getMe', tag: 'People', summary: 'Who you are, as the platform knows it' },
  answers: {
    200: {
      description: 'The caller',
      schema: answerObject({
        id: uuid,
        username: text,
        email: { ...textOrNull, description: 'Null where the credential names none' },
        tenant_id: uuid,
        tenant_name: text,
        role: { ...oneOf(roles), description: 'The role in which this request was made' },
      }),
      example: {
        ...userExample,
        email: 'ada@acme.example',
        tenant_id: 'f3c1a2b4-8d5e-5f60-9a7b-1c2d3e4f5a6b',
        ...{ tenant_name: 'acme', role: 'editor' },
      },
    },
  },
} satisfies Operation;

/** Registers the route of the caller. */
export function meRoute(app: FastifyInstance): void {
  app.get(
    '/me',
    { config: { role: 'viewer', permission: 'users:read' }, schema: routeSchema(operation) },
    async (request) => {
      const { principal, role, tenantName, email } = callerOf(request);
      return {
        id: principal.userId,
        username: principal.username,
        email: email ?? null,
        tenant_id: principal.tenantId,
        tenant_name: tenantName,
        role,
      };
    },
  );
}
