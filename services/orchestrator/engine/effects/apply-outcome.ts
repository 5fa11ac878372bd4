// Writes the outcome of a run into its document, until it is written or refused for good.
import { asFault, type Fault } from '../../../../foundation/fault/fault.ts';
import type { TaskFault } from '../../core/agent-answer.ts';
import { type LiveExecution, pause } from '../live-execution.ts';
import { type EffectDeps, isPassing, repeatMsFirst, repeatMsMax, type Tell } from './effect-deps.ts';

/** Tells `applied` or `outcome_refused`, or nothing when the execution was dropped. */
export async function applyOutcome(
  { documents, log }: EffectDeps,
  live: LiveExecution,
  tell: Tell,
): Promise<void> {
  const { execution, state } = live;
  const { outcome, finishingMs } = state;
  if (!outcome || finishingMs === undefined) throw new Error('a run is applied before it has an outcome');
  for (let waitMs = repeatMsFirst; !live.dropped; waitMs = Math.min(waitMs * 2, repeatMsMax)) {
    try {
      await documents[execution.kind].apply({ execution, state, outcome, atMs: finishingMs });
      return tell({ type: 'applied' });
    } catch (error) {
      const fault = asFault(error);
      if (fault.reason === 'not_found') return tell({ type: 'applied' }); // gone: there is nothing left to write
      log.warn({ err: error, execution_id: execution.id }, 'The outcome of a run could not be written');
      if (!isPassing(fault)) return tell({ type: 'outcome_refused', fault: refused(fault) });
      await pause(live, waitMs);
    }
  }
}

function refused({ message, reason }: Fault): TaskFault {
  const code = reason === 'invalid_argument' ? 'output_too_large' : reason;
  return { code, message: `The outcome of the run could not be written: ${message}` };
}
