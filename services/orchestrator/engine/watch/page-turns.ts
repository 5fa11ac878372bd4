// Lets those who read journals for one reader take turns: a part is read when the reader has read everything before, by one at a time. So a
// reader who is slow holds up what is read for him, and nothing piles up.
import type { WatchQueue } from './watch-queue.ts';

/** Turns at a queue, in the order in which they are asked for. A turn lasts until what it resolves to is called. */
export function createPageTurns(queue: Pick<WatchQueue<unknown>, 'drained'>): () => Promise<() => void> {
  let last = Promise.resolve();
  return async () => {
    const before = last;
    const { promise, resolve } = Promise.withResolvers<void>();
    last = promise;
    await before;
    await queue.drained();
    return resolve;
  };
}
