// Group commit: what executions want written in the same moment goes to the database as one statement. A lane has one statement under way
// at a time, so that the journal of an execution, which belongs to one lane, is written in order.
import { context as contextApi, ROOT_CONTEXT } from '@opentelemetry/api';
import type { EngineStore, JournalAppend } from '../store/store.ts';

/** Executions in one statement at most. */
const batchAppendsMax = 500;
/** Bytes of payload in one statement, about. */
const batchBytesMax = 4 * 1024 * 1024;
/** Lanes of one engine: connections that write at the same time. */
const lanesMax = 3;

/** Writes journals. */
export interface Journal {
  /** Resolves once the entries are durable; `fenced` when this process does not own the execution any more. */
  append(append: JournalAppend): Promise<'appended' | 'fenced'>;
}

interface Waiting {
  readonly append: JournalAppend;
  readonly bytes: number;
  readonly done: PromiseWithResolvers<'appended' | 'fenced'>;
}

type Write = (batch: readonly JournalAppend[]) => Promise<'appended' | 'fenced'>;

function createLane(write: Write): Journal {
  const queue: Waiting[] = [];
  let busy = false;

  async function drain(): Promise<void> {
    busy = true;
    for (let batch = nextBatch(queue); batch.length > 0; batch = nextBatch(queue)) {
      try {
        const outcome = await write(batch.map(({ append }) => append));
        for (const { done } of batch) done.resolve(outcome);
      } catch (error) {
        await isolate(batch, error);
      }
    }
    busy = false;
  }

  // One execution's bad data must not fail the others: what was refused together is written one by one.
  async function isolate(batch: readonly Waiting[], error: unknown): Promise<void> {
    if (batch.length === 1) return batch[0]?.done.reject(error);
    for (const waiting of batch) {
      await write([waiting.append]).then(waiting.done.resolve, waiting.done.reject);
    }
  }

  return {
    append(append) {
      const bytes = append.entries.reduce((sum, { event }) => sum + JSON.stringify(event).length, 0);
      const waiting: Waiting = { append, bytes, done: Promise.withResolvers() };
      queue.push(waiting);
      // A statement serves many executions and therefore belongs to the trace of none.
      if (!busy) void contextApi.with(ROOT_CONTEXT, drain);
      return waiting.done.promise;
    },
  };
}

function nextBatch(queue: Waiting[]): Waiting[] {
  let bytes = 0;
  let count = 0;
  for (const waiting of queue) {
    bytes += waiting.bytes;
    if (count > 0 && (count >= batchAppendsMax || bytes > batchBytesMax)) break;
    count += 1;
  }
  return queue.splice(0, count);
}

/** A journal of several lanes; an execution always has the same one. `ownerId` answers the present owner. */
export function createJournal(store: EngineStore, ownerId: () => string): Journal {
  const lanes = Array.from({ length: lanesMax }, () => createLane((batch) => store.append(ownerId(), batch)));
  return {
    append(append) {
      const at = Number.parseInt(append.executionId.slice(-6), 16) % lanes.length;
      const lane = lanes[at];
      if (!lane) throw new Error('a journal without lanes');
      return lane.append(append);
    },
  };
}
