// Lets those who read journals for one reader take turns: parts are read when the reader has read everything before, by a few at a time. So a
// reader who is slow holds up what is read for him, and no more than those parts pile up.
import type { WatchQueue } from './watch-queue.ts';

/** Parts that are read for one reader at the same time: each has some 256 KB at most, and most have a few events. */
export const turnsMax = 16;

/** Turns at a queue, in the order in which they are asked for. A turn lasts until what it resolves to is called. */
export function createPageTurns(queue: Pick<WatchQueue<unknown>, 'drained'>): () => Promise<() => void> {
  const waiting: (() => void)[] = [];
  let free = turnsMax;
  const giveBack = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return async () => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    await queue.drained();
    return giveBack;
  };
}
