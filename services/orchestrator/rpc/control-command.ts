// Brings what a person asks of a run to whoever holds the run. It is stored first, so that it is carried out whatever ends in between.
import type { HandlerContext } from '@connectrpc/connect';
import { Fault, notFound } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import type { WriteRecord } from '../core/audit.ts';
import type { Command } from '../core/decision/decision.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import { executionIdOf } from '../core/public-id.ts';
import type { Engine } from '../engine/engine.ts';
import type { CommandStore, ExecutionKey, ExecutionStore } from '../store/store.ts';

/** Longest wait for a command to be carried out, in milliseconds. */
const deliverMsMax = 10_000;
/** What is left for judging what came of it, in milliseconds. */
const judgeMs = 500;

/** What commands are brought by. */
export interface CommandDeps {
  readonly executions: Pick<ExecutionStore, 'read'>;
  readonly commands: CommandStore;
  readonly deliver: Engine['deliver'];
}

/** What is asked of which run, and what the audit log says of it. */
export interface AskedCommand {
  readonly key: ExecutionKey;
  readonly command: Command;
  readonly entry: WriteRecord;
}

/**
 * Stores the command and resolves once it has been decided. Fault `resource_exhausted` when too many wait for the run, `unavailable` when
 * it takes long: then it may still be carried out.
 */
export async function commandRun(
  { commands, deliver }: CommandDeps,
  { key, command, entry }: AskedCommand,
  context: HandlerContext,
): Promise<void> {
  if ((await commands.add(key, { id: newId(), command }, entry)) === 'full') {
    const message = 'Too many commands wait for the run; they are carried out one after the other';
    throw new Fault('resource_exhausted', message, { retryAfterMs: 1_000 });
  }
  const leftMs = (context.timeoutMs() ?? deliverMsMax) - judgeMs;
  await deliver(key, Math.max(0, Math.min(leftMs, deliverMsMax)));
}

/** The run of a `job_` id as it stands now. Fault `not_found`, also for a text of another form. */
export async function runNow(
  { executions }: Pick<CommandDeps, 'executions'>,
  tenantId: string,
  jobId: string,
): Promise<StoredExecution> {
  const id = executionIdOf(jobId);
  const execution = id && (await executions.read(tenantId, id, { fresh: true }));
  if (!execution) throw notFound('execution');
  return execution;
}
