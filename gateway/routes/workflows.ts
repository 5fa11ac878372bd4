// /api/v2/workflows: graphs of tasks that are created, read, executed and cancelled.
import type { FastifyInstance } from 'fastify';
import { Fault, notFound } from '../../foundation/fault/fault.ts';
import { type Workflow, WorkflowStatus } from '../../proto/gen/domainflow/orchestrator/v1/workflow_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { locationOf } from './created-location.ts';
import { sentDocument } from './definition-request.ts';
import { enumValue } from './enum-words.ts';
import { meshCall } from './mesh-call.ts';
import {
  databaseSource,
  workSchema as schemaOf,
  type WorkListQuery,
  wantedRows,
  workId,
} from './work-operation.ts';
import { isWanted } from './work-tasks.ts';
import { workflowJson, workflowRow, workflowStatus } from './workflow-json.ts';
import { workflowOperations as operations } from './workflow-operations.ts';

interface WorkflowFilter extends WorkListQuery {
  readonly status?: string;
  readonly user_id?: string;
}

const readConfig = { role: 'viewer', permission: 'workflow:read' } as const;
const createConfig = { role: 'editor', permission: 'workflow:create' } as const;
const executeConfig = { role: 'editor', permission: 'workflow:execute' } as const;

type Workflows = MeshClients['workflows'];

/** Registers the routes of workflows. */
export function workflowRoutes(app: FastifyInstance, { workflows }: MeshClients): void {
  readRoutes(app, workflows);
  createRoute(app, workflows);
  steerRoutes(app, workflows);
}

function readRoutes(app: FastifyInstance, workflows: Workflows): void {
  app.get<{ Querystring: WorkflowFilter }>(
    '/workflows',
    { config: readConfig, schema: schemaOf(operations.list) },
    async (request) => {
      const { status, user_id: userId } = request.query;
      const part = wantedRows(request.query);
      const wanted = { status: enumValue(WorkflowStatus, status), userId: userId ?? '', ...part };
      const found = await workflows.listWorkflows(wanted, meshCall(request));
      return {
        workflows: found.workflows.map(workflowRow),
        ...{ total_count: Number(found.totalCount), ...part, database_source: databaseSource },
        filtered_by: { status: status ?? null, user_id: userId ?? null },
      };
    },
  );

  app.get(
    '/workflows/:workflow_id',
    { config: readConfig, schema: schemaOf(operations.get) },
    async (request) => {
      const workflowId = workId(request, 'workflow_id');
      const { workflow } = await workflows.getWorkflow({ workflowId }, meshCall(request));
      return workflowJson(present(workflow));
    },
  );
}

function createRoute(app: FastifyInstance, workflows: Workflows): void {
  app.post<{ Querystring: { start?: string } }>(
    '/workflows',
    { config: createConfig, schema: schemaOf(operations.create) },
    async (request, reply) => {
      const document = sentDocument(request);
      const start = isWanted(document, 'start', request.query.start);
      const { workflow } = await workflows.createWorkflow({ workflow: document, start }, meshCall(request));
      if (!workflow) throw new Fault('internal', 'A new workflow was not answered');
      reply.code(201).header('location', locationOf(request, workflow.id));
      return {
        ...{ workflow_id: workflow.id, status: workflowStatus(workflow), task_count: workflow.taskCount },
        message: start ? 'The workflow is created and being executed' : 'The workflow is created',
        job_id: workflow.jobId || null,
      };
    },
  );
}

function steerRoutes(app: FastifyInstance, workflows: Workflows): void {
  app.post(
    '/workflows/:workflow_id/execute',
    { config: executeConfig, schema: schemaOf(operations.execute) },
    async (request, reply) => {
      const workflowId = workId(request, 'workflow_id');
      const { workflow } = await workflows.executeWorkflow({ workflowId }, meshCall(request));
      const { id, jobId, ...rest } = present(workflow);
      reply.code(202);
      return {
        ...{ workflow_id: id, job_id: jobId, status: workflowStatus(rest) },
        message: 'The workflow is being executed',
      };
    },
  );

  app.delete(
    '/workflows/:workflow_id',
    { config: executeConfig, schema: schemaOf(operations.cancel) },
    async (request) => {
      const workflowId = workId(request, 'workflow_id');
      await workflows.cancelWorkflow({ workflowId }, meshCall(request));
      return { workflow_id: workflowId, status: 'cancelled', message: 'The workflow was cancelled' };
    },
  );
}

function present(workflow: Workflow | undefined): Workflow {
  if (!workflow) throw notFound('workflow');
  return workflow;
}
