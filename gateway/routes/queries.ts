// /queries: ask a question or give a command, read the job and its answer, list the caller's own jobs, delete one.
import type { FastifyInstance } from 'fastify';
import { notFound } from '../../foundation/fault/fault.ts';
import { QueryMode } from '../../proto/gen/domainflow/sessions/v1/query_job_pb.js';
import { callerOf } from '../auth/require-principal.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { answerObject, named, pageOf, publicId, text } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { type PageQuery, wantedPage } from '../core/page-query.ts';
import { idempotencyKey, tellReplayed } from '../http/idempotency-key.ts';
import {
  domainIdSchema,
  listQuerySchema,
  objectIdSchema,
  objectSchema,
  textSchema,
} from '../http/schema-parts.ts';
import { meshCall, startTimeoutMs } from './mesh-call.ts';
import { paginationJson } from './page-json.ts';
import { pageExample } from './page-schema.ts';
import { pathId } from './path-id.ts';
import {
  acceptedQueryExample,
  commandExample,
  newQueryExample,
  queryExample,
  queryRowExample,
} from './query-example.ts';
import { queryJson, queryRow } from './query-json.ts';
import { queryModes, queryPath, queryStatuses } from './query-schema.ts';
import { timeJson } from './time-json.ts';

interface NewQuery {
  readonly session_id: string;
  readonly domain_id: string;
  readonly question: string;
  readonly mode: 'query' | 'management';
}

interface QueryFilter extends PageQuery {
  readonly session_id?: string;
  readonly domain_id?: string;
  readonly status?: string;
}

const newQuerySchema = objectSchema(
  {
    session_id: {
      ...objectIdSchema,
      title: 'The session that it belongs to, your own; POST /sessions begins one',
    },
    domain_id: domainIdSchema,
    question: textSchema(1, 1_000, { title: 'A question, or with the mode `management` a command' }),
    mode: {
      ...{ type: 'string', enum: queryModes, default: 'query' },
      title: '`management` changes reports and needs the role editor',
    },
  },
  ['session_id', 'domain_id', 'question'],
);

const filterSchema = listQuerySchema({
  session_id: { ...objectIdSchema, title: 'Of this session alone' },
  domain_id: textSchema(1, 50, { title: 'Of this domain alone' }),
  status: { type: 'string', enum: queryStatuses, title: 'That stand here alone' },
});

const operations = {
  create: {
    ...{ id: 'createQuery', tag: 'Queries', summary: 'Ask a question, or give a command' },
    description: `The query or management playbook of the domain runs in the background: follow it by \`job_id\` under /executions, or
read the query until its status is no longer \`processing\`. The question and what comes of it become messages of the session. What a
command changes is recorded as patches; where the playbook says so they wait for a decision.`,
    ...{ body: newQuerySchema, bodyExamples: [newQueryExample, commandExample] },
    answers: {
      202: {
        description: 'The run is recorded and goes on by itself',
        ...{ schema: named('AcceptedQuery'), example: acceptedQueryExample },
      },
    },
    refusals: { 404: 'No such session' },
  },
  list: {
    ...{ id: 'listQueries', tag: 'Queries', summary: 'Your own questions and commands, the newest first' },
    querystring: filterSchema,
    answers: {
      200: {
        description: 'A page',
        schema: pageOf('queries', named('QueryRow')),
        example: pageExample('queries', [queryRowExample]),
      },
    },
  },
  get: {
    ...{ id: 'getQuery', tag: 'Queries', summary: 'A question or command of your own, and what came of it' },
    params: queryPath,
    answers: {
      200: {
        description: 'Until it has ended, what is to come of it is null or empty',
        ...{ schema: named('Query'), example: queryExample },
      },
    },
  },
  remove: {
    ...{ id: 'deleteQuery', tag: 'Queries', summary: 'Delete a question or command of your own' },
    description: 'A run of it that has not ended is cancelled. Messages of its session and patches stay.',
    params: queryPath,
    answers: {
      200: {
        description: 'The query is gone',
        schema: answerObject({ message: text, query_id: publicId('qry') }),
        example: { message: 'The query was deleted', query_id: queryExample.query_id },
      },
    },
  },
} satisfies Record<string, Operation>;

const modes = { query: QueryMode.QUERY, management: QueryMode.MANAGEMENT } as const;

const acceptances = {
  query: 'The question was accepted and is being answered',
  management: 'The command was accepted and is being carried out',
} as const;

/** Questions are for everyone. A command takes what changing its reports by hand would take, of API keys too. */
const command = { role: 'editor', permission: 'reports:update', subject: 'The mode management' } as const;

const createConfig = { role: 'viewer', permission: 'queries:create', remembersRequests: true } as const;

/** Registers the routes of queries. */
export function queryRoutes(app: FastifyInstance, { queryJobs, executions, deletions }: MeshClients): void {
  app.post<{ Body: NewQuery }>(
    '/queries',
    { config: createConfig, schema: routeSchema(operations.create) },
    async (request, reply) => {
      const { session_id: sessionId, domain_id: domainId, question, mode } = request.body;
      if (mode === 'management') callerOf(request).requireMore(command);
      const requestId = idempotencyKey(request);
      const wanted = { sessionId, domainId, question, requestId, mode: modes[mode] };
      const started = await executions.startQuery(wanted, meshCall(request, startTimeoutMs));
      tellReplayed(reply, started.replayed);
      reply.code(202);
      return {
        job_id: started.jobId,
        query_id: started.queryId,
        session_id: sessionId,
        status: 'accepted',
        message: acceptances[mode],
        timestamp: timeJson(started.acceptedAt),
      };
    },
  );

  app.get<{ Querystring: QueryFilter }>(
    '/queries',
    { config: { role: 'viewer', permission: 'queries:read' }, schema: routeSchema(operations.list) },
    async (request) => {
      const { session_id: sessionId = '', domain_id: domainId = '', status = '' } = request.query;
      const page = wantedPage(request.query, { windowed: true });
      const found = await queryJobs.listQueryJobs({ page, sessionId, domainId, status }, meshCall(request));
      const { principal } = callerOf(request);
      return {
        queries: found.jobs.map((job) => queryRow(job, principal)),
        pagination: paginationJson(found.page),
      };
    },
  );

  app.get(
    '/queries/:query_id',
    { config: { role: 'viewer', permission: 'queries:read' }, schema: routeSchema(operations.get) },
    async (request) => {
      const queryId = pathId(request, 'query_id', 'query');
      const { job } = await queryJobs.getQueryJob({ queryId }, meshCall(request));
      if (!job) throw notFound('query');
      return queryJson(job, callerOf(request).principal);
    },
  );

  deletionRoute(app, deletions);
}

function deletionRoute(app: FastifyInstance, deletions: MeshClients['deletions']): void {
  app.delete(
    '/queries/:query_id',
    { config: { role: 'viewer', permission: 'queries:delete' }, schema: routeSchema(operations.remove) },
    async (request) => {
      const queryId = pathId(request, 'query_id', 'query');
      await deletions.deleteQuery({ queryId }, meshCall(request, startTimeoutMs));
      return { message: 'The query was deleted', query_id: queryId };
    },
  );
}
