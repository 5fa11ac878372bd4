// /sessions: begin a session, rename it, delete it, read it with its messages, list the caller's own.
import type { FastifyInstance } from 'fastify';
import { Fault, notFound } from '../../foundation/fault/fault.ts';
import { callerOf } from '../auth/require-principal.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { answerObject, named, pageOf, text } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { type PageQuery, wantedPage } from '../core/page-query.ts';
import { idempotencyKey, tellReplayed } from '../http/idempotency-key.ts';
import { domainIdSchema, listQuerySchema, objectSchema, textSchema } from '../http/schema-parts.ts';
import { meshCall, startTimeoutMs } from './mesh-call.ts';
import { paginationJson } from './page-json.ts';
import { pageExample } from './page-schema.ts';
import { pathId } from './path-id.ts';
import { messageJson, sessionJson, sessionRow } from './session-json.ts';
import { sessionExample, sessionRowExample } from './session-schema.ts';

/** Messages that one answer holds at most. */
const messagesMax = 1_000;

interface NewSession {
  readonly domain_id: string;
  readonly title?: string;
}

const titleSchema = textSchema(1, 200);
const newSessionSchema = objectSchema({ domain_id: domainIdSchema, title: titleSchema }, ['domain_id']);
const renameSchema = objectSchema({ title: titleSchema }, ['title']);
const messagesSchema = objectSchema({ messages_cursor: textSchema(1, 4_096) });

const createConfig = { role: 'viewer', permission: 'sessions:create', remembersRequests: true } as const;
const path = { session_id: { ...text, description: 'As POST /sessions answered it' } };
const answered = { schema: named('Session'), example: sessionExample };

const operations = {
  create: {
    ...{ id: 'createSession', tag: 'Sessions', summary: 'Begin a session' },
    ...{ body: newSessionSchema, bodyExamples: [{ domain_id: 'civic_complaints', title: 'Monday' }] },
    answers: { 201: { description: 'The new session', ...answered } },
    refusals: { 404: 'No such domain' },
  },
  list: {
    ...{ id: 'listSessions', tag: 'Sessions', summary: 'Your own sessions, the last active first' },
    querystring: listQuerySchema(),
    answers: {
      200: {
        description: 'A page',
        schema: pageOf('sessions', named('SessionRow')),
        example: pageExample('sessions', [sessionRowExample]),
      },
    },
  },
  get: {
    ...{ id: 'getSession', tag: 'Sessions', summary: 'A session with its newest messages' },
    ...{ params: path, querystring: messagesSchema },
    answers: {
      200: {
        description: 'The session; its newest 1,000 messages, oldest first',
        schema: named('WholeSession'),
        example: { ...sessionExample, messages: [], messages_cursor: null },
      },
    },
  },
  rename: {
    ...{ id: 'renameSession', tag: 'Sessions', summary: 'Rename a session' },
    ...{ params: path, body: renameSchema, bodyExamples: [{ title: 'Tuesday' }] },
    answers: { 200: { description: 'The session', ...answered } },
  },
  remove: {
    ...{ id: 'deleteSession', tag: 'Sessions', summary: 'Delete a session with its messages' },
    description:
      'Runs of its questions that have not ended are cancelled; questions that were asked in it stay.',
    params: path,
    answers: {
      200: {
        description: 'The session is gone',
        schema: answerObject({ message: text, session_id: text }),
        example: { message: 'The session was deleted', session_id: sessionExample.session_id },
      },
    },
  },
} satisfies Record<string, Operation>;

/** Registers the routes of sessions. */
export function sessionRoutes(app: FastifyInstance, clients: MeshClients): void {
  const { sessions, domains } = clients;

  app.post<{ Body: NewSession }>(
    '/sessions',
    { config: createConfig, schema: routeSchema(operations.create) },
    async (request, reply) => {
      const { domain_id: domainId, title = '' } = request.body;
      const requestId = idempotencyKey(request);
      await domains.getDomain({ domainId }, meshCall(request));
      const wanted = { domainId, title, requestId };
      const { session, replayed } = await sessions.createSession(wanted, meshCall(request));
      if (!session) throw new Fault('internal', 'A new session was not answered');
      tellReplayed(reply, replayed);
      reply.code(201);
      return sessionJson(session, callerOf(request).principal);
    },
  );

  app.get<{ Querystring: PageQuery }>(
    '/sessions',
    { config: { role: 'viewer', permission: 'sessions:read' }, schema: routeSchema(operations.list) },
    async (request) => {
      const page = wantedPage(request.query, { windowed: true });
      const found = await sessions.listSessions({ page }, meshCall(request));
      const { principal } = callerOf(request);
      return {
        sessions: found.sessions.map((session) => sessionRow(session, principal)),
        pagination: paginationJson(found.page),
      };
    },
  );

  app.get<{ Querystring: { readonly messages_cursor?: string } }>(
    '/sessions/:session_id',
    { config: { role: 'viewer', permission: 'sessions:read' }, schema: routeSchema(operations.get) },
    async (request) => {
      const sessionId = pathId(request, 'session_id', 'session');
      const messageCursor = request.query.messages_cursor ?? '';
      const wanted = { sessionId, messageLimit: messagesMax, messageCursor };
      const found = await sessions.getSession(wanted, meshCall(request));
      if (!found.session) throw notFound('session');
      return {
        ...sessionJson(found.session, callerOf(request).principal),
        messages: found.messages.map(messageJson),
        messages_cursor: found.messageCursor || null,
      };
    },
  );

  changeRoutes(app, clients);
}

function changeRoutes(app: FastifyInstance, { sessions, deletions }: MeshClients): void {
  app.put<{ Body: { readonly title: string } }>(
    '/sessions/:session_id',
    { config: { role: 'viewer', permission: 'sessions:update' }, schema: routeSchema(operations.rename) },
    async (request) => {
      const wanted = { sessionId: pathId(request, 'session_id', 'session'), title: request.body.title };
      const { session } = await sessions.updateSession(wanted, meshCall(request));
      if (!session) throw new Fault('internal', 'A changed session was not answered');
      return sessionJson(session, callerOf(request).principal);
    },
  );

  app.delete(
    '/sessions/:session_id',
    { config: { role: 'viewer', permission: 'sessions:delete' }, schema: routeSchema(operations.remove) },
    async (request) => {
      const sessionId = pathId(request, 'session_id', 'session');
      await deletions.deleteSession({ sessionId }, meshCall(request, startTimeoutMs));
      return { message: 'The session was deleted', session_id: sessionId };
    },
  );
}
