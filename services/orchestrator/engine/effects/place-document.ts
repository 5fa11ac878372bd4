// Puts the document of a run in place. Where a caller waits for it, a store that is away ends the run, so that the caller can be told and
// start anew; a run whose start has a name, and one that was taken over, waits until the store is back.
import { asFault, type Fault } from '../../../../foundation/fault/fault.ts';
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

/** Tells `document_placed` or `document_refused`, or nothing when the execution was dropped. */
export async function placeDocument(deps: EffectDeps, live: LiveExecution, tell: Tell): Promise<void> {
  const { execution, placed } = live;
  for (let waitMs = repeatMsFirst; !live.dropped; waitMs = Math.min(waitMs * 2, repeatMsMax)) {
    try {
      await documentOf(deps, execution.kind).place(execution);
      return tell({ type: 'document_placed' });
    } catch (error) {
      const fault = asFault(error);
      deps.log.warn(
        { err: error, execution_id: execution.id },
        'The document of a run could not be put in place',
      );
      if (!isPassing(fault) || (placed && !placed.isNamed)) return refuse(live, fault, tell);
      placed?.reject(fault);
      await pause(live, waitMs);
    }
  }
}

function refuse(live: LiveExecution, fault: Fault, tell: Tell): void {
  live.refusal = fault;
  tell({ type: 'document_refused', fault: refusalOf(fault) });
}

// Ids of documents are random and chosen for one run: one that is taken was this run's own and has been deleted.
function refusalOf(fault: Fault): TaskFault {
  if (fault.reason === 'already_exists') {
    return { code: 'document_deleted', message: 'The run could not start: its document has been deleted' };
  }
  const code = isPassing(fault) ? 'dependency_unavailable' : fault.reason;
  return { code, message: `The run could not start: ${fault.message}` };
}
