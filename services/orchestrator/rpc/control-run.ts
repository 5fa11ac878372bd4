// CancelExecution, PauseExecution and ResumeExecution: one shape, of which only the command and the states differ.
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { principalOf, requestIdOf } from '../../../foundation/rpc/caller.ts';
import type { ControlService } from '../../../proto/gen/domainflow/orchestrator/v1/control_service_pb.js';
import type { ExecutionStatus } from '../../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import type { WriteRecord } from '../core/audit.ts';
import type { Command } from '../core/decision/decision.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import type { ExecutionStatus as ExecutionStatusName } from '../core/execution-state.ts';
import { jobIdOf } from '../core/public-id.ts';
import { allows, hasEffect, requireEffect, requireState, requireSteerer } from '../core/run-control.ts';
import { type CommandDeps, commandRun, runNow } from './control-command.ts';
import { statusWire } from './wire.ts';
import { type Writer, writerOf } from './writer.ts';

type Verb = 'cancel' | 'pause' | 'resume';

type ControlRoutes = Pick<
  ServiceImpl<typeof ControlService>,
  'cancelExecution' | 'pauseExecution' | 'resumeExecution'
>;

/** The handlers. A request that comes again, to a run that is where it has led it, is answered that. */
export function controlRoutes(deps: CommandDeps): ControlRoutes {
  const handler =
    (verb: Verb) =>
    async ({ jobId }: { readonly jobId: string }, context: HandlerContext) => ({
      status: await control(deps, { verb, jobId }, context),
    });
  return {
    cancelExecution: handler('cancel'),
    pauseExecution: handler('pause'),
    resumeExecution: handler('resume'),
  };
}

async function control(
  deps: CommandDeps,
  { verb, jobId }: { readonly verb: Verb; readonly jobId: string },
  context: HandlerContext,
): Promise<ExecutionStatus> {
  const caller = principalOf(context);
  const { tenantId, userId } = caller;
  const writer = writerOf(context);
  const execution = await runNow(deps, tenantId, jobId);
  requireSteerer(caller, execution, verb);
  const isRepeated = requestIdOf(context) !== undefined && hasEffect(verb, execution.status);
  if (isRepeated && !allows(verb, execution.status)) return statusWire(execution.status);
  requireState(verb, execution.status);
  if (execution.status === 'cancelling') return statusWire(execution.status);
  const command = commandOf(verb, userId);
  const entry = entryOf(verb, execution, writer);
  await commandRun(deps, { key: execution, command, entry }, context);
  const { status } = await runNow(deps, tenantId, jobId);
  requireEffect(verb, status);
  return statusWire(status);
}

function commandOf(type: Verb, by: string): Command {
  return type === 'cancel' ? { type, by, because: 'A person cancelled the run' } : { type, by };
}

const asked: Readonly<Record<Verb, { readonly message: string; readonly to: ExecutionStatusName }>> = {
  cancel: { message: 'Asked for a run to be cancelled', to: 'cancelled' },
  pause: { message: 'Asked for a run to be paused', to: 'paused' },
  resume: { message: 'Asked for a run to go on', to: 'running' },
};

// Of what is accepted, whatever comes of it: what the run does with it stands in its log.
function entryOf(verb: Verb, { id, status }: StoredExecution, writer: Writer): WriteRecord {
  const { message, to } = asked[verb];
  const entityId = jobIdOf(id);
  const about = { operation: `execution_${verb}`, entityType: 'execution', entityId } as const;
  return { ...about, message, details: { from: status, to }, ...writer };
}
