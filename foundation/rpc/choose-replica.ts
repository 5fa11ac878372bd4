// Which replica a call goes to. Pure: chance comes as a parameter.
import { createHash } from 'node:crypto';

/** What is known of a replica when one is chosen. */
export interface Replica {
  readonly address: string;
  /** Calls under way. */
  readonly inFlight: number;
  /** Calls that ended in this turn of the event loop; absent means none. */
  readonly justEnded?: number;
}

/** The replica with the highest hash of key and address (rendezvous hashing): when one goes, only its own keys move. */
export function chooseByKey<R extends Replica>(replicas: readonly R[], key: string): R | undefined {
  let best: R | undefined;
  let bestScore = '';
  for (const replica of replicas) {
    const score = createHash('sha1').update(`${key}\0${replica.address}`).digest('hex');
    if (!best || score > bestScore) [best, bestScore] = [replica, score];
  }
  return best;
}

/**
 * The less busy of two different replicas picked by chance; `random` answers numbers from 0 to below 1. Calls that just ended count, since a
 * replica's answers come many at once: the first one to be heard in a turn would look idle to everyone whose call ended with it, and the last
 * one would be left with little.
 */
export function chooseByLoad<R extends Replica>(replicas: readonly R[], random: () => number): R | undefined {
  if (replicas.length <= 1) return replicas[0];
  const first = Math.floor(random() * replicas.length);
  const step = 1 + Math.floor(random() * (replicas.length - 1));
  const [one, other] = [replicas[first], replicas[(first + step) % replicas.length]];
  return one && other && loadOf(other) < loadOf(one) ? other : one;
}

function loadOf({ inFlight, justEnded = 0 }: Replica): number {
  return inFlight + justEnded;
}
