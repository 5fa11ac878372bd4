// /executions: read a run with its plan and log, list runs.
import type { FastifyInstance } from 'fastify';
import { notFound } from '../../foundation/fault/fault.ts';
import { ExecutionKind, ExecutionStatus } from '../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { named, pageOf } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { type PageQuery, wantedPage } from '../core/page-query.ts';
import { listQuerySchema, textSchema } from '../http/schema-parts.ts';
import { enumValue, enumWords } from './enum-words.ts';
import { executionExample, executionRowExample } from './execution-example.ts';
import { executionJson, executionRow } from './execution-json.ts';
import { executionPath } from './execution-schema.ts';
import { meshCall } from './mesh-call.ts';
import { paginationJson } from './page-json.ts';
import { pageExample } from './page-schema.ts';
import { pathId } from './path-id.ts';

interface ExecutionFilter extends PageQuery {
  readonly kind?: string;
  readonly status?: string;
  readonly domain_id?: string;
}

const filterSchema = listQuerySchema({
  kind: { type: 'string', enum: enumWords(ExecutionKind) },
  status: { type: 'string', enum: enumWords(ExecutionStatus) },
  domain_id: textSchema(1, 50),
});

const operations = {
  list: {
    ...{ id: 'listExecutions', tag: 'Executions', summary: 'Runs of the tenant, newest first' },
    description: 'Shadow runs of gates are listed where their kind is asked for.',
    querystring: filterSchema,
    answers: {
      200: {
        description: 'A page',
        schema: pageOf('executions', named('ExecutionRow')),
        example: pageExample('executions', [executionRowExample]),
      },
    },
  },
  get: {
    ...{ id: 'getExecution', tag: 'Executions', summary: 'A run with its plan and log' },
    description: 'A run of a question of somebody else is refused with 403.',
    params: { job_id: executionPath.job_id },
    answers: {
      200: { description: 'The run', schema: named('Execution'), example: executionExample },
    },
  },
} satisfies Record<string, Operation>;

/** Registers the routes of executions. */
export function executionRoutes(app: FastifyInstance, { executions }: MeshClients): void {
  app.get<{ Querystring: ExecutionFilter }>(
    '/executions',
    { config: { role: 'viewer', permission: 'executions:read' }, schema: routeSchema(operations.list) },
    async (request) => {
      const filter = {
        page: wantedPage(request.query),
        kind: enumValue(ExecutionKind, request.query.kind),
        status: enumValue(ExecutionStatus, request.query.status),
        domainId: request.query.domain_id ?? '',
      };
      const found = await executions.listExecutions(filter, meshCall(request));
      return { executions: found.executions.map(executionRow), pagination: paginationJson(found.page) };
    },
  );

  app.get(
    '/executions/:job_id',
    { config: { role: 'viewer', permission: 'executions:read' }, schema: routeSchema(operations.get) },
    async (request) => {
      const jobId = pathId(request, 'job_id', 'execution');
      const { execution } = await executions.getExecution({ jobId }, meshCall(request));
      if (!execution) throw notFound('execution');
      return executionJson(execution);
    },
  );
}
