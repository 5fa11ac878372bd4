// How many event streams each user has open. The count is this process's own: several replicas allow that many each.
import { Fault } from '../../foundation/fault/fault.ts';

/** When somebody who has too many open may look again, in milliseconds. */
const retryAfterMs = 5_000;

/** Places for streams. */
export interface StreamPlaces {
  /** Takes a place; the result gives it back, once. Fault `resource_exhausted` when the owner has as many as there may be. */
  take(owner: string): () => void;
}

/** Places of which nobody has taken one; `perOwnerMax` 0 sets no bound. What is kept of an owner goes with the last place. */
export function createStreamPlaces(perOwnerMax: number): StreamPlaces {
  const taken = new Map<string, number>();
  const change = (owner: string, by: number): void => {
    const count = (taken.get(owner) ?? 0) + by;
    if (count > 0) taken.set(owner, count);
    else taken.delete(owner);
  };
  return {
    take(owner) {
      if (perOwnerMax > 0 && (taken.get(owner) ?? 0) >= perOwnerMax) {
        const sentence = `You have ${perOwnerMax} event streams open, which is the most; close one first`;
        throw new Fault('resource_exhausted', sentence, { retryAfterMs });
      }
      change(owner, 1);
      let given = false;
      return () => {
        if (!given) change(owner, -1);
        given = true;
      };
    },
  };
}
