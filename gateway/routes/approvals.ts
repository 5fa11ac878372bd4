// /approvals, and approve and reject of a run's tasks: see what runs wait for people to decide, and decide it. Which roles may decide stands
// in each approval, and the orchestrator goes by it.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { notFound } from '../../foundation/fault/fault.ts';
import { type Approval, ApprovalStatus } from '../../proto/gen/domainflow/orchestrator/v1/approval_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { named, pageOf } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { type PageQuery, wantedPage } from '../core/page-query.ts';
import { listQuerySchema, objectIdSchema, objectSchema, textSchema } from '../http/schema-parts.ts';
import { approvalJson, approvalRow } from './approval-json.ts';
import { approvalExample, approvalRowExample } from './approval-schema.ts';
import { enumValue, enumWords } from './enum-words.ts';
import { executionPath as params } from './execution-schema.ts';
import { meshCall } from './mesh-call.ts';
import { paginationJson } from './page-json.ts';
import { pageExample } from './page-schema.ts';
import { pathId } from './path-id.ts';

interface ApprovalFilter extends PageQuery {
  readonly status: string;
  readonly job_id?: string;
}

interface Decision {
  readonly comment: string;
}

const filterSchema = listQuerySchema({
  status: { type: 'string', enum: enumWords(ApprovalStatus), default: 'waiting' },
  job_id: objectIdSchema,
});
const decisionSchema = objectSchema({ comment: { ...textSchema(0, 1_000), default: '' } });
const answered = { schema: named('Approval'), example: approvalExample };
const decided = {
  ...{ tag: 'Approvals', params, body: decisionSchema, bodyExamples: [{ comment: 'Within budget' }] },
  answers: { 200: { description: 'The decided approval', ...answered } },
  refusals: {
    403: 'Deciding this needs the role admin',
    409: 'The approval has been decided: it was approved',
  },
} satisfies Partial<Operation>;

const operations = {
  list: {
    ...{
      id: 'listApprovals',
      tag: 'Approvals',
      summary: 'What runs wait for people to decide, newest first',
    },
    querystring: filterSchema,
    answers: {
      200: {
        description: 'A page',
        schema: pageOf('approvals', named('ApprovalRow')),
        example: pageExample('approvals', [approvalRowExample]),
      },
    },
  },
  get: {
    ...{ id: 'getApproval', tag: 'Approvals', summary: 'An approval with what it rests on', params },
    answers: { 200: { description: 'The approval', ...answered } },
  },
  approve: {
    ...{ id: 'approveTask', summary: 'Approve, so that the run goes on', ...decided },
    description: 'Who may decide stands in `roles` of the approval.',
  },
  reject: {
    ...{ id: 'rejectTask', summary: 'Reject, so that the task fails', ...decided },
    description: 'Who may decide stands in `roles` of the approval.',
  },
} satisfies Record<string, Operation>;

const readConfig = { role: 'viewer', keyRole: 'admin', permission: 'approvals:read' } as const;
const updateConfig = { role: 'editor', keyRole: 'admin', permission: 'approvals:update' } as const;

/** Registers the routes of approvals. */
export function approvalRoutes(app: FastifyInstance, { approvals }: MeshClients): void {
  app.get<{ Querystring: ApprovalFilter }>(
    '/approvals',
    { config: readConfig, schema: routeSchema(operations.list) },
    async (request) => {
      const { status, job_id: jobId = '' } = request.query;
      const wanted = { page: wantedPage(request.query), status: enumValue(ApprovalStatus, status), jobId };
      const found = await approvals.listApprovals(wanted, meshCall(request));
      return { approvals: found.approvals.map(approvalRow), pagination: paginationJson(found.page) };
    },
  );

  app.get(
    '/executions/:job_id/tasks/:task_id/approval',
    { config: readConfig, schema: routeSchema(operations.get) },
    async (request) => shown(await approvals.getApproval(placeOf(request), meshCall(request))),
  );

  for (const verb of ['approve', 'reject'] as const) {
    app.post<{ Body: Decision }>(
      `/executions/:job_id/tasks/:task_id/${verb}`,
      { config: updateConfig, schema: routeSchema(operations[verb]) },
      async (request) => {
        const decision = { approve: verb === 'approve', comment: request.body.comment };
        return shown(await approvals.decideApproval({ ...placeOf(request), ...decision }, meshCall(request)));
      },
    );
  }
}

function placeOf(request: FastifyRequest): { readonly jobId: string; readonly taskId: string } {
  return { jobId: pathId(request, 'job_id', 'approval'), taskId: pathId(request, 'task_id', 'approval') };
}

function shown({ approval }: { readonly approval?: Approval | undefined }): object {
  if (!approval) throw notFound('approval');
  return approvalJson(approval);
}
