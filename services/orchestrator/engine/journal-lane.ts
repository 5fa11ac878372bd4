// Group commit: what executions want written in the same moment goes to the database as one statement. A lane has one statement under way
// at a time, and an execution changes its lane only when nothing of it is under way, so its journal is written in order. What an execution
// wants written while its last part still waits becomes one with it. Large parts have a lane of their own, so that small ones do not wait
// for them.
import { context as contextApi, ROOT_CONTEXT } from '@opentelemetry/api';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import type { JournalEvent } from '../core/journal-event.ts';
import type {
  ApprovalChange,
  CachedOutput,
  JournalAppend,
  JournalStore,
  RowChange,
  TaskChange,
} from '../store/store.ts';

/** Executions in one statement at most. */
const batchAppendsMax = 500;
/** Characters of payload in one statement, about. */
const batchCharactersMax = 4 * 1024 * 1024;
/** From so many characters on, about, a part is large. */
const largeCharactersMin = 16 * 1024;
/**
 * Lanes of one engine for what is small. With the one for what is large, as many connections write at the same time. One takes along all that
 * is decided while its statement is under way: more of them write smaller statements, which cost more together.
 */
export const smallLanesMax = 1;

/** One execution as a lane sees it. */
export interface JournalWriter {
  /** Under which owner it was taken up: only that one may write its journal. */
  readonly ownerId: string;
  readonly tenantId: string;
  readonly executionId: string;
  /** What waits to be written; the lane's own, like the next. */
  waiting?: WaitingPart;
  /** The lane that something of it waits in or is under way in; absent when nothing does. */
  lane?: Lane;
  /** True once something could not be written: nothing that follows may be written either. */
  broken: boolean;
}

/** What one decision wants written. */
export interface JournalPart {
  readonly record?: ExecutionRecord;
  /** Number of the first event. */
  readonly seq: number;
  readonly atMs: number;
  readonly events: readonly JournalEvent[];
  readonly change?: RowChange;
  readonly approvals?: readonly ApprovalChange[];
  readonly commandIds?: readonly string[];
  readonly cached?: readonly CachedOutput[];
  readonly tasks?: readonly TaskChange[];
  /** Called once it is durable. */
  readonly written: () => void;
  /** Called when it is not known whether it became durable, or known that it did not. */
  readonly lost: (error: unknown) => void;
}

/** Parts of one execution that wait to be written together. */
export interface WaitingPart {
  readonly writer: JournalWriter;
  readonly rows: { seq: number; atMs: number; events: JournalEvent[] }[];
  readonly record: ExecutionRecord | undefined;
  change: RowChange | undefined;
  readonly approvals: ApprovalChange[];
  readonly commandIds: string[];
  readonly cached: CachedOutput[];
  readonly tasks: TaskChange[];
  readonly parts: JournalPart[];
  characters: number;
}

/** Why a part was lost whose data the store refuses: it would be refused again. The cause is the store's error. */
export class RefusedAppend extends Error {
  constructor(cause: unknown) {
    super('what an execution wants to record is refused', { cause });
    this.name = 'RefusedAppend';
  }
}

/** Writes journals. */
export interface Journal {
  /** Never throws; the part is told what became of it. */
  append(writer: JournalWriter, part: JournalPart): void;
}

function waitingPart(writer: JournalWriter, record: ExecutionRecord | undefined): WaitingPart {
  const lists = { rows: [], approvals: [], commandIds: [], cached: [], tasks: [], parts: [] };
  return { writer, record, change: undefined, ...lists, characters: 0 };
}

function add(waiting: WaitingPart, part: JournalPart): void {
  const { seq, atMs, events, change, approvals = [], commandIds = [], cached = [], tasks = [] } = part;
  const last = waiting.rows.at(-1);
  if (last?.atMs === atMs) last.events.push(...events);
  else if (events.length > 0) waiting.rows.push({ seq, atMs, events: [...events] });
  if (change) waiting.change = change;
  waiting.approvals.push(...approvals);
  waiting.commandIds.push(...commandIds);
  waiting.cached.push(...cached);
  waiting.tasks.push(...tasks);
  waiting.parts.push(part);
  waiting.characters += charactersOf(part);
}

// Inputs, answers, usable or not, and what an outcome will change are what makes a part large; everything else is about the same.
function charactersOf({ events, record, tasks = [] }: JournalPart): number {
  let characters = record ? 1_000 + sizeOf(record.input) : 0;
  for (const change of tasks) characters += sizeOf(change);
  for (const event of events) characters += 100 + contentOf(event);
  return characters;
}

function contentOf(event: JournalEvent): number {
  switch (event.type) {
    case 'task_succeeded':
    case 'task_reused':
      return sizeOf(event.answer.output) + event.answer.reasoning.length;
    case 'effects_planned':
      return sizeOf(event.prepared);
    case 'task_failed':
    case 'retry_scheduled':
      return event.fault.rawText?.length ?? 0;
    default:
      return 0;
  }
}

// A guess that never walks far: what it says only decides how much goes into one statement.
function sizeOf(value: unknown, depth = 0): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null || depth > 6) return 8;
  let characters = 2;
  for (const part of Object.values(value)) characters += 12 + sizeOf(part, depth + 1);
  return characters;
}

function appendOf({ writer, record, change, tasks, ...lists }: WaitingPart): JournalAppend {
  const { tenantId, executionId } = writer;
  const { rows, approvals, commandIds, cached } = lists;
  const moved = { ...(change ? { change } : {}), ...(tasks.length > 0 ? { tasks } : {}) };
  const base = { tenantId, executionId, rows, approvals, commandIds, cached };
  return { ...base, ...(record ? { record } : {}), ...moved };
}

/** Writes one statement at a time. */
interface Lane {
  readonly queue: WaitingPart[];
  /** Begins to write if nothing is under way. */
  wake(): void;
}

function createLane(store: JournalStore, large?: Lane): Lane {
  const queue: WaitingPart[] = [];
  let busy = false;

  async function drain(): Promise<void> {
    for (;;) {
      await gathered();
      if (large) moveLarge(queue, large);
      const batch = nextBatch(queue);
      if (batch.length === 0) break;
      for (const { writer } of batch) delete writer.waiting;
      await write(store, batch);
    }
    busy = false;
  }

  return {
    queue,
    wake() {
      if (busy) return;
      busy = true;
      // A statement serves many executions and therefore belongs to the trace of none.
      void contextApi.with(ROOT_CONTEXT, drain);
    },
  };
}

// Whatever waits in a lane without a statement under way has nothing under way itself.
function moveLarge(queue: WaitingPart[], large: Lane): void {
  for (let at = queue.length - 1; at >= 0; at -= 1) {
    const waiting = queue[at];
    if (!waiting || waiting.characters < largeCharactersMin) continue;
    queue.splice(at, 1);
    waiting.writer.lane = large;
    large.queue.push(waiting);
    large.wake();
  }
}

// One execution's bad data must not fail the others: what was refused together is halved until the guilty one stands alone. A Fault is
// no matter of the data: the database is away, and whether anything was written is not known.
async function write(store: JournalStore, batch: readonly WaitingPart[]): Promise<void> {
  const [first] = batch;
  if (!first) return;
  try {
    const outcome = await store.append(first.writer.ownerId, batch.map(appendOf));
    if (outcome === 'appended') tellWritten(batch);
    else loseAll(batch, new Error('the owner of the execution has been ended'));
  } catch (error) {
    if (error instanceof Fault) return loseAll(batch, error);
    if (batch.length === 1) return loseAll(batch, isOfData(error) ? new RefusedAppend(error) : error);
    const half = Math.ceil(batch.length / 2);
    await write(store, batch.slice(0, half));
    await write(store, batch.slice(half));
  }
}

/** SQLSTATE classes of data that is wrong, breaks a rule or is too much. */
const statesOfData = /^(22|23|54)[0-9A-Z]{3}$/;
/** Node's codes for values that cannot be brought into the form in which they are sent. Its other codes speak of the connection. */
const codesOfValues = new Set([
  'ERR_OUT_OF_RANGE',
  'ERR_INVALID_ARG_TYPE',
  'ERR_INVALID_ARG_VALUE',
  'ERR_STRING_TOO_LONG',
]);

// What has no code was not even sent. A place in the journal that is taken is no matter of the data: reading the journal again shows what took it.
function isOfData(error: unknown): boolean {
  const { code, constraint } = error as { readonly code?: unknown; readonly constraint?: unknown };
  if (typeof constraint === 'string' && constraint.startsWith('execution_events')) return false;
  return typeof code === 'string' ? statesOfData.test(code) || codesOfValues.has(code) : true;
}

function loseAll(batch: readonly WaitingPart[], error: unknown): void {
  for (const waiting of batch) lose(waiting, error);
}

// What an execution decided after the lost part rests on it and is lost too.
function lose({ writer, parts }: WaitingPart, error: unknown): void {
  writer.broken = true;
  const { waiting: following, lane } = writer;
  if (following && lane) lane.queue.splice(lane.queue.indexOf(following), 1);
  delete writer.waiting;
  delete writer.lane;
  for (const part of [...parts, ...(following?.parts ?? [])]) part.lost(error);
}

/** Lets everything that can be decided at this moment be decided before it is written. */
function gathered(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function tellWritten(batch: readonly WaitingPart[]): void {
  for (const { writer, parts } of batch) {
    if (!writer.waiting) delete writer.lane;
    for (const part of parts) part.written();
  }
}

// One statement is written under one owner: what an earlier owner of this process still had waiting is fenced by itself.
function nextBatch(queue: WaitingPart[]): WaitingPart[] {
  const ownerId = queue[0]?.writer.ownerId;
  let characters = 0;
  let count = 0;
  for (const waiting of queue) {
    characters += waiting.characters;
    const full = count >= batchAppendsMax || characters > batchCharactersMax;
    if (waiting.writer.ownerId !== ownerId || (count > 0 && full)) break;
    count += 1;
  }
  return queue.splice(0, count);
}

/** A journal of several lanes. */
export function createJournal(store: JournalStore): Journal {
  const large = createLane(store);
  const lanes = Array.from({ length: smallLanesMax }, () => createLane(store, large));
  return {
    append(writer, part) {
      if (writer.broken) return part.lost(new Error('an earlier part of the journal was lost'));
      writer.lane ??= laneOf(writer, lanes);
      const { lane } = writer;
      if (!writer.waiting) {
        writer.waiting = waitingPart(writer, part.record);
        lane.queue.push(writer.waiting);
      }
      add(writer.waiting, part);
      lane.wake();
    },
  };
}

function laneOf({ executionId }: JournalWriter, lanes: readonly Lane[]): Lane {
  const lane = lanes[Number.parseInt(executionId.slice(-6), 16) % lanes.length];
  if (!lane) throw new Error('a journal without lanes');
  return lane;
}
