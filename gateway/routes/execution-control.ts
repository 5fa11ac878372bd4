// /executions/{job_id}/cancel, pause, resume, rerun: steer a run that is under way, repeat one that has ended.
import type { FastifyInstance } from 'fastify';
import { invalidArgument } from '../../foundation/fault/fault.ts';
import { ExecutionStatus } from '../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import { RerunMode, RerunVersions } from '../../proto/gen/domainflow/orchestrator/v1/rerun_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { answerObject, listOf, publicId, text } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { idempotencyKey, tellReplayed } from '../http/idempotency-key.ts';
import { objectSchema, textSchema } from '../http/schema-parts.ts';
import { enumWord } from './enum-words.ts';
import { executionRowExample } from './execution-example.ts';
import { executionPath, executionStatusSchema } from './execution-schema.ts';
import { meshCall, startTimeoutMs } from './mesh-call.ts';
import { pathId } from './path-id.ts';

interface Rerun {
  readonly mode: 'failed' | 'from' | 'all';
  readonly task_id?: string;
  readonly versions: 'pinned' | 'latest';
  readonly preview: boolean;
}

const modes = { failed: RerunMode.FAILED, from: RerunMode.FROM, all: RerunMode.ALL } as const;
const versionWords = { pinned: RerunVersions.PINNED, latest: RerunVersions.LATEST } as const;

const rerunSchema = objectSchema(
  {
    mode: {
      type: 'string',
      enum: Object.keys(modes),
      description:
        'failed: what failed, was skipped or cancelled; from: one task and what rests on it; all: everything',
    },
    task_id: textSchema(1, 100, { description: 'Task or node that `from` begins with' }),
    versions: {
      type: 'string',
      enum: Object.keys(versionWords),
      default: 'pinned',
      description: 'The agents of the old run, or those of now',
    },
    preview: {
      type: 'boolean',
      default: false,
      description: 'True tells what would be run, and runs nothing',
    },
  },
  ['mode'],
);

const params = { job_id: executionPath.job_id };
const jobId = executionRowExample.job_id;
const standingSchema = answerObject({ job_id: publicId('job'), status: executionStatusSchema });
const ids = listOf(text);
const parts = { reused: ['builtin-ingestion-geo'], to_run: ['builtin-ingestion-entity'] };

const operations = {
  cancel: {
    ...{ id: 'cancelExecution', tag: 'Executions', summary: 'Cancel a run', params },
    description:
      'Whoever started a run may cancel it; that of somebody else takes an editor. Tasks in flight are ended first.',
    answers: {
      202: {
        description: 'It is asked to end',
        schema: standingSchema,
        example: { job_id: jobId, status: 'cancelling' },
      },
    },
    refusals: { 409: 'The run has ended as completed: it cannot be cancelled' },
  },
  pause: {
    ...{ id: 'pauseExecution', tag: 'Executions', summary: 'Pause a run', params },
    description: 'Nothing new starts until it is resumed; tasks in flight go on.',
    answers: {
      200: {
        description: 'Where it stands',
        schema: standingSchema,
        example: { job_id: jobId, status: 'paused' },
      },
    },
    refusals: { 409: 'The run is paused: it cannot be paused' },
  },
  resume: {
    ...{ id: 'resumeExecution', tag: 'Executions', summary: 'Resume a paused run', params },
    answers: {
      200: {
        description: 'Where it stands',
        schema: standingSchema,
        example: { job_id: jobId, status: 'running' },
      },
    },
    refusals: { 409: 'The run is running: it cannot be resumed' },
  },
  rerun: {
    ...{ id: 'rerunExecution', tag: 'Executions', summary: 'Repeat a run that has ended', params },
    description: 'What is not repeated is taken from the old run. Nothing is run with `preview`.',
    body: rerunSchema,
    bodyExamples: [
      { mode: 'from', task_id: 'builtin-ingestion-entity', versions: 'latest' },
      { mode: 'failed', preview: true },
    ],
    answers: {
      200: {
        description: 'With `preview`: nodes whose outputs would be reused, and nodes that would run',
        schema: answerObject({ reused: ids, to_run: ids }),
        example: parts,
      },
      202: {
        description: 'The new run',
        schema: answerObject({
          job_id: publicId('job'),
          rerun_of: publicId('job'),
          reused: ids,
          to_run: ids,
        }),
        example: { job_id: 'job_019caa7d3e707b4f8f7e5a9d2c1b0a98', rerun_of: jobId, ...parts },
      },
    },
    refusals: { 409: 'The run is running: it cannot be repeated' },
  },
} satisfies Record<string, Operation>;

/** Whoever started a run may cancel it, so anyone may ask; an API key is given what it takes to cancel those of others. */
const cancelConfig = { role: 'viewer', keyRole: 'editor', permission: 'executions:update' } as const;
const updateConfig = { role: 'editor', permission: 'executions:update' } as const;
const rerunConfig = { role: 'editor', permission: 'executions:create', remembersRequests: true } as const;

/** Registers the routes that steer runs. */
export function executionControlRoutes(app: FastifyInstance, { control }: MeshClients): void {
  app.post(
    '/executions/:job_id/cancel',
    { config: cancelConfig, schema: routeSchema(operations.cancel) },
    async (request, reply) => {
      const jobId = pathId(request, 'job_id', 'execution');
      const { status } = await control.cancelExecution({ jobId }, meshCall(request));
      reply.code(202);
      return standing(jobId, status);
    },
  );

  app.post(
    '/executions/:job_id/pause',
    { config: updateConfig, schema: routeSchema(operations.pause) },
    async (request) => {
      const jobId = pathId(request, 'job_id', 'execution');
      const { status } = await control.pauseExecution({ jobId }, meshCall(request));
      return standing(jobId, status);
    },
  );

  app.post(
    '/executions/:job_id/resume',
    { config: updateConfig, schema: routeSchema(operations.resume) },
    async (request) => {
      const jobId = pathId(request, 'job_id', 'execution');
      const { status } = await control.resumeExecution({ jobId }, meshCall(request));
      return standing(jobId, status);
    },
  );

  app.post<{ Body: Rerun }>(
    '/executions/:job_id/rerun',
    { config: rerunConfig, schema: routeSchema(operations.rerun) },
    async (request, reply) => {
      const jobId = pathId(request, 'job_id', 'execution');
      const { mode, versions, preview } = request.body;
      const wanted = { mode: modes[mode], from: startOf(request.body), versions: versionWords[versions] };
      const requestId = preview ? '' : idempotencyKey(request);
      const call = meshCall(request, startTimeoutMs);
      const rerun = await control.rerunExecution({ jobId, ...wanted, preview, requestId }, call);
      const parts = { reused: rerun.reused, to_run: rerun.toRun };
      if (preview) return parts;
      tellReplayed(reply, rerun.replayed);
      reply.code(202);
      return { job_id: rerun.jobId, rerun_of: rerun.rerunOf, ...parts };
    },
  );
}

function standing(jobId: string, status: ExecutionStatus): object {
  return { job_id: jobId, status: enumWord(ExecutionStatus, status) };
}

function startOf({ mode, task_id: taskId }: Rerun): string {
  if ((mode === 'from') === (taskId !== undefined)) return taskId ?? '';
  const reason = mode === 'from' ? 'is required with the mode from' : 'belongs to the mode from alone';
  throw invalidArgument([{ field: 'task_id', reason }]);
}
