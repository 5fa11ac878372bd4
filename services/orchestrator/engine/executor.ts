// Holds the executions that this process owns. When it is not known what became durable of one, it is dropped and read again from its
// journal: recovery is the only repair.
import type { Tracer } from '@opentelemetry/api';
import type { Fault } from '../../../foundation/fault/fault.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { RunSteps } from '../core/decision/decision.ts';
import type { ExecutionKind } from '../core/execution-kind.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import type { JournalEvent } from '../core/journal-event.ts';
import type { ExecutionKey, OwnedExecution, StoredCommand } from '../store/store.ts';
import { RefusedAppend } from './journal-lane.ts';
import { drop, type LiveExecution, openLive, type Placed, unmoved } from './live-execution.ts';
import type { OpenPlan } from './pinned-plan.ts';
import { recording } from './record-span.ts';
import { reusesOutputs } from './reused-outputs.ts';
import { refusalsMax, setAside, unstorable } from './set-aside.ts';
import { lost, tellInTime, unrecorded } from './start-faults.ts';
import { type StepDeps, step } from './step.ts';

/** What the executor needs. */
export interface ExecutorDeps extends Omit<StepDeps, 'leaving' | 'release' | 'giveUp'> {
  readonly stepsOf: (kind: ExecutionKind) => RunSteps;
  readonly openPlan: OpenPlan;
  /** The outputs that an execution takes over from the one that it repeats, as its first events. */
  readonly reused: (execution: ExecutionRecord) => Promise<JournalEvent[]>;
  /** Reads executions; what this process does not own is left out. */
  readonly load: (keys: readonly ExecutionKey[]) => Promise<OwnedExecution[]>;
  /** Before an execution is read again, in milliseconds. */
  readonly reloadMs: number;
  /** How long the caller of a start waits once its execution has to be read again, in milliseconds. */
  readonly callerWaitMs: number;
  readonly tracer: Tracer;
  readonly log: Log;
}

/** Runs owned executions. */
export interface Executor {
  /**
   * Takes up a new execution. Unless it is stored already, it is recorded with its first decision. Resolves when that is durable and the
   * document, if it has one, is in place; Fault when it was refused or lost.
   */
  start(ownerId: string, record: ExecutionRecord, options: StartOptions): Promise<void>;
  /** Takes up owned executions as their journals left them, again and again until they can be read. Those that are held are left alone. */
  takeUp(keys: readonly ExecutionKey[], options?: TakeUpOptions): Promise<void>;
  /** Who takes commands for an execution as it is held now; undefined when it is not held here. */
  commandsTo(key: ExecutionKey): TakeCommand | undefined;
  /** Gives up everything, at once. */
  dropAll(): void;
}

/**
 * Takes a command, once however often it is given. Resolves with true when it is decided and that is durable, with false when the execution
 * is not held any more as it was.
 */
export type TakeCommand = (stored: StoredCommand) => Promise<boolean>;

/** How an execution starts. */
export interface StartOptions {
  /** What that changes is told at `Placed`. */
  readonly isNamed: boolean;
  /** True when its row is stored already. */
  readonly isStored: boolean;
}

/** How executions are taken up. */
export interface TakeUpOptions {
  /** True when they have waited for a place and are given one. */
  readonly isAdmitted?: boolean;
  /** Reads what people ask of an execution that is taken up: it is decided before anything new of it begins. */
  readonly commandsOf?: (key: ExecutionKey) => Promise<readonly StoredCommand[]>;
}

/** Everything that the verbs share. */
interface Machine {
  readonly deps: ExecutorDeps;
  readonly held: Map<string, LiveExecution>;
  /** Ids of those that are being read. */
  readonly reading: Set<string>;
  /** By id: those whose way out of memory is not recorded yet, until it is. */
  readonly leaving: Map<string, Promise<void>>;
  readonly steps: StepDeps;
}

/** An executor without executions. */
export function createExecutor(deps: ExecutorDeps): Executor {
  const held = new Map<string, LiveExecution>();
  const leaving = new Map<string, Promise<void>>();
  const steps: StepDeps = {
    ...deps,
    leaving: ({ executionId }) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      leaving.set(executionId, promise);
      return () => {
        leaving.delete(executionId);
        resolve();
      };
    },
    release: (live) => release(machine, live),
    giveUp: (live, error) => giveUp(machine, live, error),
  };
  const machine: Machine = { deps, held, reading: new Set(), leaving, steps };
  return {
    start: (ownerId, record, options) => start(machine, { ownerId, record, options }),
    takeUp: (keys, options = {}) => read(machine, keys, options),
    commandsTo: (key) => {
      const live = held.get(key.id);
      return live && ((stored) => decideOnce(machine, live, stored));
    },
    dropAll: () => {
      for (const { waiter } of held.values()) if (waiter) deps.slots.leave(waiter); // nobody is offered what becomes free
      for (const live of held.values()) {
        live.placed?.reject(lost());
        release(machine, live);
      }
    },
  };
}

// A command that was given before is not decided again: it may have been read before that was durable.
function decideOnce({ steps }: Machine, live: LiveExecution, stored: StoredCommand): Promise<boolean> {
  const { id: commandId, command } = stored;
  const given = live.commands.get(commandId);
  if (given) return given;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  live.commands.set(commandId, promise);
  step(steps, live, command, { commandId, done: () => resolve(true), lost: () => resolve(false) });
  return promise;
}

interface Starting {
  readonly ownerId: string;
  readonly record: ExecutionRecord;
  readonly options: StartOptions;
}

function start(machine: Machine, starting: Starting): Promise<void> {
  if (reusesOutputs(starting.record)) return startRepeating(machine, starting);
  return begin(machine, starting, []);
}

function begin(
  machine: Machine,
  { ownerId, record, options }: Starting,
  first: readonly JournalEvent[],
): Promise<void> {
  const placed = { ...Promise.withResolvers<void>(), isNamed: options.isNamed };
  const execution = { ...record, ...unmoved };
  const live = hold(machine, { ownerId, execution, entries: [] }, { placed });
  const recorded = options.isStored ? {} : recording(machine.deps.tracer, live, record);
  step(machine.steps, live, { type: 'loaded' }, { ...recorded, first });
  return placed.promise;
}

// What is stored already runs whatever comes in between: it is taken up like after a loss.
async function startRepeating(machine: Machine, starting: Starting): Promise<void> {
  const { record, options } = starting;
  if (!options.isStored) return begin(machine, starting, await machine.deps.reused(record));
  const placed = { ...Promise.withResolvers<void>(), isNamed: options.isNamed };
  tellInTime(placed, machine.deps.callerWaitMs);
  void read(machine, [record], { placed });
  return placed.promise;
}

interface Holding {
  /** Somebody who waits for the start. */
  readonly placed?: Placed | undefined;
  /** How often what it wanted to record was refused before. */
  readonly refusals?: number;
}

function hold({ deps, held }: Machine, owned: OwnedExecution, holding: Holding): LiveExecution {
  const { execution } = owned;
  const { placed, refusals = 0 } = holding;
  const plan = deps.openPlan(execution.plan);
  const { tracer } = deps;
  const live = openLive({ ...owned, plan, steps: deps.stepsOf(execution.kind), placed, refusals, tracer });
  held.set(execution.id, live);
  return live;
}

function release({ deps, held }: Machine, live: LiveExecution): void {
  if (live.dropped) return;
  held.delete(live.executionId);
  if (live.waiter) deps.slots.leave(live.waiter);
  drop(live);
  if (live.admitted) deps.admission.leave(live.tenantId);
  for (; live.places > 0; live.places -= 1) deps.slots.release();
}

// A run that has left memory on its way into the journal is read again too: perhaps it did not get there.
function giveUp(machine: Machine, live: LiveExecution, error: unknown): void {
  const { deps } = machine;
  if (live.isLost) return;
  live.isLost = true;
  deps.log.warn(
    { err: error, execution_id: live.executionId },
    'An execution is read again from its journal',
  );
  release(machine, live);
  if (live.placed) tellInTime(live.placed, deps.callerWaitMs);
  const key = { tenantId: live.tenantId, id: live.executionId };
  const isRefused = error instanceof RefusedAppend;
  const refusals = live.refusals + (isRefused ? 1 : 0);
  readLater(machine, [key], { placed: live.placed, refusals, ...(isRefused ? { unrecorded } : {}) });
}

function readLater(machine: Machine, keys: readonly ExecutionKey[], options: Reading): void {
  setTimeout(() => void read(machine, keys, options), machine.deps.reloadMs).unref();
}

interface Reading extends TakeUpOptions, Holding {
  /** What who waits for the start is told when the execution is not there. */
  readonly unrecorded?: () => Fault;
}

interface Resuming extends Reading {
  /** Events before anything is decided. */
  readonly first: readonly JournalEvent[];
  readonly commands: readonly StoredCommand[];
}

// An execution is read once at a time, and not while it leaves: what two readings found would run twice in this process.
async function read(machine: Machine, keys: readonly ExecutionKey[], options: Reading): Promise<void> {
  const { deps, held, reading, leaving } = machine;
  if (leaving.size > 0) await Promise.all(keys.map(({ id }) => leaving.get(id)));
  const { placed, isAdmitted = false, unrecorded: absent = lost } = options;
  const busy = keys.filter(({ id }) => reading.has(id) || leaving.has(id));
  if (busy.length > 0) readLater(machine, busy, options);
  const wanted = keys.filter((key) => !held.has(key.id) && !busy.includes(key));
  const left = new Map(wanted.map((key) => [key.id, key]));
  if (isAdmitted) leave(machine, keys, keys.length - busy.length - wanted.length);
  for (const { id } of wanted) reading.add(id);
  try {
    const found = wanted.length === 0 ? [] : await deps.load(wanted);
    for (const owned of found) {
      const resuming = await readMore(machine, owned, options);
      left.delete(owned.execution.id);
      resume(machine, owned, resuming);
    }
    if (found.length === 0 && wanted.length > 0) placed?.reject(absent());
    if (isAdmitted) leave(machine, keys, left.size);
  } catch (error) {
    deps.log.warn({ err: error, count: wanted.length }, 'Executions could not be read from their journals');
    readLater(machine, [...left.values()], options);
  } finally {
    for (const { id } of wanted) reading.delete(id);
  }
}

async function readMore({ deps }: Machine, owned: OwnedExecution, options: Reading): Promise<Resuming> {
  const { execution, entries } = owned;
  const isNew = entries.length === 0 && reusesOutputs(execution);
  const first = isNew ? await deps.reused(execution) : [];
  const commands = (await options.commandsOf?.(execution)) ?? [];
  return { ...options, first, commands };
}

/** Gives places back that executions of one tenant were given and do not need. */
function leave({ deps }: Machine, [first]: readonly ExecutionKey[], places: number): void {
  for (let place = 0; first && place < places; place += 1) deps.admission.leave(first.tenantId);
}

// What was running keeps its place among its tenant's; what has not begun yet asks for one when it begins.
function resume(machine: Machine, owned: OwnedExecution, resuming: Resuming): void {
  const { deps, steps } = machine;
  const { refusals = 0, isAdmitted = false, commands, first } = resuming;
  if (refusals > refusalsMax) {
    setAsideOwned(machine, owned, isAdmitted);
    return;
  }
  try {
    const live = hold(machine, owned, resuming);
    live.admitted = isAdmitted;
    if (!isAdmitted && live.state.status !== 'pending') {
      deps.admission.enter(live.tenantId);
      live.admitted = true;
    }
    // What has not begun can be cancelled before it does; what has begun is gone on with first, so that nothing begins twice.
    const isNew = live.state.status === 'pending';
    const stays = commands.length > 0;
    if (refusals === refusalsMax) step(steps, live, unstorable);
    else if (!isNew) step(steps, live, { type: 'loaded' }, { stays });
    for (const stored of commands) void decideOnce(machine, live, stored);
    if (live.state.status === 'pending') step(steps, live, { type: 'loaded' }, { first });
    step(steps, live, { type: 'time' });
  } catch (error) {
    deps.log.error(
      { err: error, execution_id: owned.execution.id },
      'An execution cannot be run from its journal',
    );
    const live = machine.held.get(owned.execution.id);
    if (live) release(machine, live);
    setAsideOwned(machine, owned, isAdmitted && !live);
  }
}

function setAsideOwned({ deps }: Machine, owned: OwnedExecution, isAdmitted: boolean): void {
  if (isAdmitted) deps.admission.leave(owned.execution.tenantId);
  setAside(deps, owned);
}
