// Cancels the run of a document that is deleted. It is asked like a person would ask, and found by whoever holds the run.
import { Fault } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import type { CancelRun } from '../clients/delete-parts.ts';
import { executionIdOf } from '../core/public-id.ts';
import { takesCancel } from '../core/run-control.ts';
import type { CommandStore, ExecutionStore } from '../store/store.ts';

/** What cancelling needs. */
export interface CancelRunDeps {
  readonly executions: Pick<ExecutionStore, 'read'>;
  readonly commands: CommandStore;
}

/** Over the stores of this service. */
export function createCancelRun({ executions, commands }: CancelRunDeps): CancelRun {
  return async ({ jobId, principal: { tenantId, userId: by }, because }) => {
    const id = executionIdOf(jobId);
    const execution = id && (await executions.read(tenantId, id, { fresh: true }));
    if (!execution || !takesCancel(execution.status)) return;
    const added = await commands.add(execution, { id: newId(), command: { type: 'cancel', by, because } });
    if (added === 'full')
      throw new Fault('resource_exhausted', 'Too many commands wait for the run', { retryAfterMs: 1_000 });
  };
}
