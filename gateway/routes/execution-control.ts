// /executions/{job_id}/cancel, pause, resume, rerun: steer a run that is under way, repeat one that has ended.
import type { FastifyInstance } from 'fastify';
import { invalidArgument } from '../../foundation/fault/fault.ts';
import { ExecutionStatus } from '../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import { RerunMode, RerunVersions } from '../../proto/gen/domainflow/orchestrator/v1/rerun_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { idempotencyKey, tellReplayed } from '../http/idempotency-key.ts';
import { objectIdSchema, objectSchema } from '../http/schema-parts.ts';
import { enumWord } from './enum-words.ts';
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
    mode: { type: 'string', enum: Object.keys(modes) },
    task_id: objectIdSchema,
    versions: { type: 'string', enum: Object.keys(versionWords), default: 'pinned' },
    preview: { type: 'boolean', default: false },
  },
  ['mode'],
);

/** Whoever started a run may cancel it, so anyone may ask; an API key is given what it takes to cancel those of others. */
const cancelConfig = { role: 'viewer', keyRole: 'editor', permission: 'executions:update' } as const;
const updateConfig = { role: 'editor', permission: 'executions:update' } as const;
const rerunConfig = { role: 'editor', permission: 'executions:create' } as const;

/** Registers the routes that steer runs. */
export function executionControlRoutes(app: FastifyInstance, { control }: MeshClients): void {
  app.post('/executions/:job_id/cancel', { config: cancelConfig }, async (request, reply) => {
    const jobId = pathId(request, 'job_id', 'execution');
    const { status } = await control.cancelExecution({ jobId }, meshCall(request));
    reply.code(202);
    return standing(jobId, status);
  });

  app.post('/executions/:job_id/pause', { config: updateConfig }, async (request) => {
    const jobId = pathId(request, 'job_id', 'execution');
    const { status } = await control.pauseExecution({ jobId }, meshCall(request));
    return standing(jobId, status);
  });

  app.post('/executions/:job_id/resume', { config: updateConfig }, async (request) => {
    const jobId = pathId(request, 'job_id', 'execution');
    const { status } = await control.resumeExecution({ jobId }, meshCall(request));
    return standing(jobId, status);
  });

  app.post<{ Body: Rerun }>(
    '/executions/:job_id/rerun',
    { config: rerunConfig, schema: { body: rerunSchema } },
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
