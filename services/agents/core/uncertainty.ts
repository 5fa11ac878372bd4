// What follows when a caller invokes an attempt again of which nothing is known here: it may have run, and been paid, in a process that is
// gone.
import type { Invocation, InvocationFailure } from './invocation.ts';

/** Whether nothing is uncertain, the caller is told and the agent runs, or the agent may not run. */
export type Uncertainty = 'none' | 'told' | 'final';

/** Code of an attempt that may not run again; beyond the list of SPEC E3.5, and final. */
export const uncertainCode = 'uncertain';

/** How an attempt ends that may not run again. */
export const uncertainFailure: InvocationFailure = {
  code: uncertainCode,
  message:
    'The agent may have been run for this attempt before, and its setting on_uncertain forbids to run it again',
};

/** Builtin agents cost nothing and change nothing by themselves, so they simply run again. */
export function uncertaintyOf(
  { runtime, onUncertain }: Pick<Invocation, 'runtime' | 'onUncertain'>,
  repeated: boolean,
): Uncertainty {
  if (!repeated || runtime === 'builtin') return 'none';
  return onUncertain === 'fail' ? 'final' : 'told';
}
