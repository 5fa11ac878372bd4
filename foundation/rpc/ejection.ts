// Whether calls may go to a replica: after a failure it is left out for a while, longer each time, then tried with one call at a time.
import type { Clock } from '../clock.ts';

/** The first time that a replica is left out, in milliseconds; doubled with each further failure. */
export const ejectMsMin = 200;
/** The longest time that a replica is left out, in milliseconds. */
export const ejectMsMax = 10_000;

/** The standing of one replica. */
export interface Ejection {
  /** Whether a call may go there while `inFlight` calls are under way. Keyed calls leave their replica only when it cannot be reached. */
  allows(call: { readonly inFlight: number; readonly keyed: boolean }): boolean;
  /** A call failed as unavailable: `reached` when the replica itself said so, not when its connection failed. */
  failed(reached: boolean): void;
  /** A call was answered. */
  succeeded(): void;
}

/** The standing of a replica that is not known yet, which is good. */
export function createEjection(clock: Clock): Ejection {
  let untilMs = 0;
  let spanMs = 0;
  let reachable = true;
  return {
    allows({ inFlight, keyed }) {
      if (keyed && reachable) return true;
      return untilMs <= clock() && (spanMs === 0 || inFlight === 0);
    },
    failed(reached) {
      reachable = reached;
      // Failures of calls that began together count once.
      if (clock() < untilMs) return;
      spanMs = Math.min(Math.max(spanMs * 2, ejectMsMin), ejectMsMax);
      untilMs = clock() + spanMs;
    },
    succeeded() {
      spanMs = 0;
      reachable = true;
    },
  };
}
