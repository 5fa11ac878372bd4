// One reader of the news of changes: what it has not read yet, in order and bounded, until the news or the reader ends.
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Change } from '../core/change.ts';

/** A change, or a sign that the news is whole up to here. */
export type News = Change | 'alive';

/** News that may wait for one reader; a slower one is dropped, since it would not learn of changes in time. */
export const waitingNewsMax = 1_000;

/** A sign of life that has waited for its reader for longer tells nothing any more. */
export const signMsMax = 1_000;

/** A reader as the feed sees it. */
export interface ChangeWatcher {
  /** Adds news. `atMs`: when it held. */
  tell(news: News, atMs: number): void;
  /** Ends the reading, after what still waits; with a Fault if one is given. */
  end(fault?: Fault): void;
  /** What was told, from the first sign of life that has not grown old. To be read once; the signal ends it. */
  read(signal: AbortSignal): AsyncGenerator<News>;
}

interface Waiting {
  readonly news: News;
  readonly atMs: number;
}

/** A reader who has been told nothing. `nowMs` is a clock that does not go back. */
export function createChangeWatcher(nowMs: () => number): ChangeWatcher {
  let waiting: Waiting[] = [];
  let begun = false;
  let ended: { readonly fault: Fault | undefined } | undefined;
  let wake = Promise.withResolvers<void>();
  const ring = (): void => wake.resolve();
  const end = (fault?: Fault): void => {
    ended ??= { fault };
    ring();
  };
  const isFit = ({ news, atMs }: Waiting): boolean =>
    news === 'alive' ? nowMs() - atMs <= signMsMax : begun;
  const takeFit = (): News | undefined => {
    let next = waiting.shift();
    while (next && !isFit(next)) next = waiting.shift();
    begun ||= next?.news === 'alive';
    return next?.news;
  };
  return {
    tell: (news, atMs) => {
      if (ended) return;
      // Only the last sign counts, so that a reader who stands still does not collect them.
      if (news === 'alive') waiting = waiting.filter((each) => each.news !== 'alive');
      if (waiting.length === waitingNewsMax) {
        waiting = [];
        end(new Fault('resource_exhausted', 'The reader is too slow for the news of changes'));
        return;
      }
      waiting.push({ news, atMs });
      ring();
    },
    end,
    read: async function* (signal) {
      signal.addEventListener('abort', ring, { once: true });
      try {
        while (!signal.aborted) {
          const next = takeFit();
          if (next) {
            yield next;
          } else if (ended) {
            if (ended.fault) throw ended.fault;
            return;
          } else {
            await wake.promise;
            wake = Promise.withResolvers<void>();
          }
        }
      } finally {
        signal.removeEventListener('abort', ring);
        end();
      }
    },
  };
}
