// Keeps one connection listening for changes: asks it every half second whether it is still there, and makes a new one when it is not.
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { Change } from '../core/change.ts';
import type { ChangeSource } from '../store/store.ts';

/** How often the connection is asked. */
const askEveryMs = 500;
/** An answer that took longer tells nothing of the present. */
const promptMsMax = 1_000;
/** A connection that has not answered within this time is broken. */
const answerMsMax = 5_000;
const backoffMsFirst = 100;
const backoffMsMax = 5_000;

/** What is told while changes are followed. */
export interface ChangeFollower {
  /** In the order of commits. */
  changed(change: Change): void;
  /** Every change that was committed until now has been told. First called once the connection listens. */
  alive(): void;
  /** Changes may have been missed. Called once for each connection that was told to be alive, before the next one is. */
  interrupted(): void;
}

/** What following is made of. */
export interface FollowChangesOptions {
  readonly source: ChangeSource;
  readonly log: Pick<Log, 'warn'>;
  readonly follower: ChangeFollower;
}

const nowMs = (): number => performance.now();

/** Begins at once. The result stops it and resolves when the connection is closed. */
export function followChanges(options: FollowChangesOptions): () => Promise<void> {
  const stop = new AbortController();
  const following = keepFollowing(options, stop.signal);
  return () => {
    stop.abort();
    return following;
  };
}

async function keepFollowing(options: FollowChangesOptions, stopped: AbortSignal): Promise<void> {
  for (let failures = 0; !stopped.aborted; failures += 1) {
    const startedMs = nowMs();
    await followOnce(options, stopped).catch((error: unknown) => {
      options.log.warn({ err: error }, 'The news of changes is interrupted');
    });
    if (nowMs() - startedMs > backoffMsMax) failures = 0;
    await pause(Math.random() * Math.min(backoffMsFirst * 2 ** failures, backoffMsMax), stopped);
  }
}

/** Follows one connection until it is told to stop, or throws what broke it. */
async function followOnce({ source, follower }: FollowChangesOptions, stopped: AbortSignal): Promise<void> {
  const broken = new AbortController();
  const over = AbortSignal.any([stopped, broken.signal]);
  const connection = await source.listen({
    changed: follower.changed,
    broke: (error) => broken.abort(error),
  });
  try {
    while (!over.aborted) {
      const askedMs = nowMs();
      await withinTime(connection.ping());
      if (!over.aborted && nowMs() - askedMs < promptMsMax) follower.alive();
      await pause(askEveryMs, over);
    }
    if (broken.signal.aborted) throw broken.signal.reason;
  } finally {
    follower.interrupted();
    await connection.close();
  }
}

async function withinTime(answer: Promise<void>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`The connection that listens has not answered for ${answerMsMax} ms`)),
    answerMsMax,
  );
  try {
    await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Ends early, without an error, when the signal says so. */
async function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  await delay(waitMs, undefined, { signal }).catch(() => undefined);
}
