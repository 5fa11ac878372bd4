// Reads journals for all watchers of a process, those that ask in the same moment in one statement.
import type { JournalPosition, JournalRead } from '../../core/watch-reads.ts';
import type { WatchStore } from '../../store/store.ts';

/** Journals in one statement. */
export const journalsMax = 100;

/** Reads journals. */
export interface JournalReader {
  /** What follows, bounded; undefined when the execution is not kept. Throws as the store does. */
  read(position: JournalPosition): Promise<JournalRead | undefined>;
}

interface Asked {
  readonly position: JournalPosition;
  readonly answer: PromiseWithResolvers<JournalRead | undefined>;
}

/** A reader that has one statement under way at most. */
export function createJournalReader(store: Pick<WatchStore, 'readJournals'>): JournalReader {
  let asked: Asked[] = [];
  let isReading = false;

  async function readAll(): Promise<void> {
    isReading = true;
    await Promise.resolve(); // those who ask in the same moment
    while (asked.length > 0) {
      const batch = asked.slice(0, journalsMax);
      asked = asked.slice(journalsMax);
      try {
        const found = await store.readJournals(batch.map(({ position }) => position));
        for (const [place, { answer }] of batch.entries()) answer.resolve(found[place]);
      } catch (error) {
        for (const { answer } of batch) answer.reject(error);
      }
    }
    isReading = false;
  }

  return {
    read(position) {
      const answer = Promise.withResolvers<JournalRead | undefined>();
      asked.push({ position, answer });
      if (!isReading) void readAll();
      return answer.promise;
    },
  };
}
