// Group commit: what executions want written in the same moment goes to the database as one statement. A lane has one statement under way
// at a time, so that the journal of an execution, which belongs to one lane, is written in order.
import { context as contextApi, ROOT_CONTEXT } from '@opentelemetry/api';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { EngineStore, JournalAppend } from '../store/store.ts';

/** Executions in one statement at most. */
const batchAppendsMax = 500;
/** Bytes of payload in one statement, about. */
const batchBytesMax = 4 * 1024 * 1024;
/** Lanes of one engine: connections that write at the same time. */
const lanesMax = 3;

/** Writes journals. */
export interface Journal {
  /** Resolves once the entries are durable; `fenced` when the owner that took the execution up is not an owner any more. */
  append(ownerId: string, append: JournalAppend): Promise<'appended' | 'fenced'>;
}

interface Waiting {
  readonly ownerId: string;
  readonly append: JournalAppend;
  readonly bytes: number;
  readonly done: PromiseWithResolvers<'appended' | 'fenced'>;
}

function createLane(store: Pick<EngineStore, 'append'>): Journal {
  const queue: Waiting[] = [];
  let busy = false;

  async function drain(): Promise<void> {
    busy = true;
    for (let batch = nextBatch(queue); batch.length > 0; batch = nextBatch(queue)) await write(batch);
    busy = false;
  }

  // One execution's bad data must not fail the others: what was refused together is halved until the guilty one stands alone. A Fault is
  // no matter of the data: the database is away, and whether anything was written is not known.
  async function write(batch: readonly Waiting[]): Promise<void> {
    const [first] = batch;
    if (!first) return;
    try {
      const outcome = await store.append(
        first.ownerId,
        batch.map(({ append }) => append),
      );
      for (const { done } of batch) done.resolve(outcome);
    } catch (error) {
      if (batch.length === 1 || error instanceof Fault) {
        for (const { done } of batch) done.reject(error);
        return;
      }
      const half = Math.ceil(batch.length / 2);
      await write(batch.slice(0, half));
      await write(batch.slice(half));
    }
  }

  return {
    append(ownerId, append) {
      const bytes = append.entries.reduce((sum, { event }) => sum + JSON.stringify(event).length, 0);
      const waiting: Waiting = { ownerId, append, bytes, done: Promise.withResolvers() };
      queue.push(waiting);
      // A statement serves many executions and therefore belongs to the trace of none.
      if (!busy) void contextApi.with(ROOT_CONTEXT, drain);
      return waiting.done.promise;
    },
  };
}

// One statement is written under one owner: what an earlier owner of this process still had waiting is fenced by itself.
function nextBatch(queue: Waiting[]): Waiting[] {
  const ownerId = queue[0]?.ownerId;
  let bytes = 0;
  let count = 0;
  for (const waiting of queue) {
    bytes += waiting.bytes;
    const full = count >= batchAppendsMax || bytes > batchBytesMax;
    if (waiting.ownerId !== ownerId || (count > 0 && full)) break;
    count += 1;
  }
  return queue.splice(0, count);
}

/** A journal of several lanes; an execution always has the same one. */
export function createJournal(store: Pick<EngineStore, 'append'>): Journal {
  const lanes = Array.from({ length: lanesMax }, () => createLane(store));
  return {
    append(ownerId, append) {
      const at = Number.parseInt(append.executionId.slice(-6), 16) % lanes.length;
      const lane = lanes[at];
      if (!lane) throw new Error('a journal without lanes');
      return lane.append(ownerId, append);
    },
  };
}
