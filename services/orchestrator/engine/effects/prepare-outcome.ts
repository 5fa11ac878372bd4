// Finds out what applying the outcome of a run will change, until it is known or can never be.
import { asFault } from '../../../../foundation/fault/fault.ts';
import { OutcomeRefused } from '../../clients/run-document.ts';
import { type LiveExecution, pause } from '../live-execution.ts';
import { refusalOfOutcome } from './apply-outcome.ts';
import {
  documentOf,
  type EffectDeps,
  isPassing,
  repeatMsFirst,
  repeatMsMax,
  type Tell,
} from './effect-deps.ts';

/** Tells `prepared` or `outcome_refused`, or nothing when the execution was dropped. */
export async function prepareOutcome(deps: EffectDeps, live: LiveExecution, tell: Tell): Promise<void> {
  const { execution, state } = live;
  const document = documentOf(deps, execution.kind);
  for (let waitMs = repeatMsFirst; !live.dropped; waitMs = Math.min(waitMs * 2, repeatMsMax)) {
    try {
      const prepared = (await document.prepare?.(execution, state)) ?? {};
      return tell({ type: 'prepared', prepared });
    } catch (error) {
      const fault = asFault(error);
      deps.log.warn({ err: error, execution_id: execution.id }, 'What a run changes could not be found out');
      const isFinal = error instanceof OutcomeRefused || !isPassing(fault);
      if (isFinal) return tell({ type: 'outcome_refused', fault: refusalOfOutcome(error) });
      await pause(live, waitMs);
    }
  }
}
