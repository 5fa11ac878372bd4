// Documents of runs that are asked only while this process can be sure to own its executions: what is tried again after a rest must not meet
// what a newer owner has written meanwhile.
import { Fault } from '../../../../foundation/fault/fault.ts';
import type { RunDocument } from '../../clients/run-document.ts';
import type { EffectDeps } from './effect-deps.ts';

/** The documents; each verb throws Fault `unavailable`, which is tried again, while the claim to executions is in doubt. */
export function heldDocuments(
  documents: EffectDeps['documents'],
  isHeld: () => boolean,
): EffectDeps['documents'] {
  const held = Object.entries(documents).map(([kind, document]) => [kind, heldDocument(document, isHeld)]);
  return Object.fromEntries(held);
}

function heldDocument(document: RunDocument, isHeld: () => boolean): RunDocument {
  const { prepare } = document;
  const whileHeld = async <T>(ask: () => Promise<T>): Promise<T> => {
    if (!isHeld())
      throw new Fault('unavailable', 'The claim to the run is in doubt', { retryAfterMs: 1_000 });
    return ask();
  };
  return {
    place: (execution) => whileHeld(() => document.place(execution)),
    apply: (end) => whileHeld(() => document.apply(end)),
    ...(prepare
      ? { prepare: (execution, state) => whileHeld(() => prepare.call(document, execution, state)) }
      : {}),
  };
}
