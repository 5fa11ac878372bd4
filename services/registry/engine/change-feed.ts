// The news of changes for everybody who watches: one connection that listens, and a bounded reader for each stream. Who may watch is not
// its business.
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { ChangeSource } from '../store/store.ts';
import { type ChangeWatcher, createChangeWatcher, type News } from './change-watcher.ts';
import { followChanges } from './follow-changes.ts';

/** Streams of one process; every replica of a service that watches has one. */
export const watchersMax = 1_000;

const retryAfterMs = 100;

/** The news of changes. */
export interface ChangeFeed {
  /**
   * Changes from the first message on, which is a sign of life; further signs follow every half second, as long as the connection
   * answers within a second. Waits while there is no connection. Ends with Fault `unavailable` when the connection breaks, with
   * `resource_exhausted` for a reader who is too slow, and without one by the signal.
   */
  watch(signal: AbortSignal): AsyncIterable<News>;
  /** Ends every stream and the connection. */
  close(): Promise<void>;
}

/** What a feed is made of. */
export interface ChangeFeedOptions {
  readonly source: ChangeSource;
  readonly log: Pick<Log, 'warn'>;
}

const nowMs = (): number => performance.now();

/** A feed that connects by itself from now on. */
export function createChangeFeed({ source, log }: ChangeFeedOptions): ChangeFeed {
  const watchers = new Set<ChangeWatcher>();
  let aliveAtMs: number | undefined; // undefined while nothing listens
  const tellAll = (news: News): void => {
    for (const watcher of watchers) watcher.tell(news, nowMs());
  };
  const stop = followChanges({
    source,
    log,
    follower: {
      changed: tellAll,
      alive: () => {
        aliveAtMs = nowMs();
        tellAll('alive');
      },
      interrupted: () => {
        aliveAtMs = undefined;
        const fault = new Fault('unavailable', 'The news of changes is interrupted', { retryAfterMs });
        for (const watcher of watchers) watcher.end(fault);
      },
    },
  });
  return {
    watch: async function* (signal) {
      if (watchers.size >= watchersMax) throw new Fault('resource_exhausted', 'Too many watch for changes');
      const watcher = createChangeWatcher(nowMs);
      watchers.add(watcher);
      if (aliveAtMs !== undefined) watcher.tell('alive', aliveAtMs);
      try {
        yield* watcher.read(signal);
      } finally {
        watchers.delete(watcher);
      }
    },
    close: stop,
  };
}
