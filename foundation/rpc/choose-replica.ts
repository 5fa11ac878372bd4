// Which replica a call goes to. Pure: chance comes as a parameter.
import { createHash } from 'node:crypto';

/** What is known of a replica when one is chosen. */
export interface Replica {
  readonly address: string;
  /** Calls under way. */
  readonly inFlight: number;
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

/** The less busy of two different replicas picked by chance; `random` answers numbers from 0 to below 1. */
export function chooseByLoad<R extends Replica>(replicas: readonly R[], random: () => number): R | undefined {
  if (replicas.length <= 1) return replicas[0];
  const first = Math.floor(random() * replicas.length);
  const step = 1 + Math.floor(random() * (replicas.length - 1));
  const [one, other] = [replicas[first], replicas[(first + step) % replicas.length]];
  return one && other && other.inFlight < one.inFlight ? other : one;
}
