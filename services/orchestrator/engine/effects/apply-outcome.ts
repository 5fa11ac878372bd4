// Writes the outcome of a run into its document, until it is written or refused for good.
import { asFault } from '../../../../foundation/fault/fault.ts';
import { OutcomeRefused } from '../../clients/run-document.ts';
import type { TaskFault } from '../../core/agent-answer.ts';
import { type LiveExecution, pause } from '../live-execution.ts';
import {
  documentOf,
  type EffectDeps,
  isPassing,
  repeatMsFirst,
  repeatMsMax,
  type Tell,
} from './effect-deps.ts';

/** Tells `applied` or `outcome_refused`, or nothing when the execution was dropped. */
export async function applyOutcome(deps: EffectDeps, live: LiveExecution, tell: Tell): Promise<void> {
  const { execution, state } = live;
  const { outcome, prepared, finishingMs } = state;
  if (!outcome || finishingMs === undefined) throw new Error('a run is applied before it has an outcome');
  const end = { execution, state, outcome, atMs: finishingMs, ...(prepared ? { prepared } : {}) };
  const document = documentOf(deps, execution.kind);
  for (let waitMs = repeatMsFirst; !live.dropped; waitMs = Math.min(waitMs * 2, repeatMsMax)) {
    try {
      const { summary } = await document.apply(end);
      return tell({ type: 'applied', summary });
    } catch (error) {
      const fault = asFault(error);
      if (fault.reason === 'not_found') return tell({ type: 'applied', summary: '' }); // gone: there is nothing left to write
      deps.log.warn({ err: error, execution_id: execution.id }, 'The outcome of a run could not be written');
      const isFinal = error instanceof OutcomeRefused || !isPassing(fault);
      if (isFinal) return tell({ type: 'outcome_refused', fault: refusalOfOutcome(error) });
      await pause(live, waitMs);
    }
  }
}

/** Why an outcome cannot be written. */
export function refusalOfOutcome(error: unknown): TaskFault {
  if (error instanceof OutcomeRefused) return error.fault;
  const { message, reason } = asFault(error);
  const code = reason === 'invalid_argument' ? 'output_too_large' : reason;
  return { code, message: `The outcome of the run could not be written: ${message}` };
}
