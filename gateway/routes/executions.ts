// /executions: read a run with its plan and log, list runs.
import type { FastifyInstance } from 'fastify';
import { notFound } from '../../foundation/fault/fault.ts';
import { ExecutionKind, ExecutionStatus } from '../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { type PageQuery, wantedPage } from '../core/page-query.ts';
import { listQuerySchema, textSchema } from '../http/schema-parts.ts';
import { enumValue, enumWords } from './enum-words.ts';
import { executionJson, executionRow } from './execution-json.ts';
import { meshCall } from './mesh-call.ts';
import { paginationJson } from './page-json.ts';
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

/** Registers the routes of executions. */
export function executionRoutes(app: FastifyInstance, { executions }: MeshClients): void {
  app.get<{ Querystring: ExecutionFilter }>(
    '/executions',
    { config: { role: 'viewer', permission: 'executions:read' }, schema: { querystring: filterSchema } },
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
    { config: { role: 'viewer', permission: 'executions:read' } },
    async (request) => {
      const jobId = pathId(request, 'job_id', 'execution');
      const { execution } = await executions.getExecution({ jobId }, meshCall(request));
      if (!execution) throw notFound('execution');
      return executionJson(execution);
    },
  );
}
