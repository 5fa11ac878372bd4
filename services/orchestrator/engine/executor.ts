// Holds the executions that this process owns. When it is not known what became durable of one, it is dropped and read again from its
// journal: recovery is the only repair.
import type { Tracer } from '@opentelemetry/api';
import { asFault } from '../../../foundation/fault/fault.ts';
import type { RunSteps } from '../core/decision/decision.ts';
import type { ExecutionKind } from '../core/execution-kind.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import type { JournalEvent } from '../core/journal-event.ts';
import type { ExecutionKey, OwnedExecution, StoredCommand } from '../store/store.ts';
import { createGivenCommands, type GivenCommands } from './given-commands.ts';
import { RefusedAppend } from './journal-lane.ts';
import { drop, type LiveExecution, openLive, unmoved } from './live-execution.ts';
import type { OpenPlan } from './pinned-plan.ts';
import {
  createReader,
  type Reader,
  type ReaderDeps,
  type Reading,
  type Resuming,
  type TakeUpOptions,
} from './read-executions.ts';
import { recording } from './record-span.ts';
import { createReloadLog, type NoteReload } from './reload-log.ts';
import { reusesOutputs } from './reused-outputs.ts';
import { takePlace } from './run-place.ts';
import { refusalsMax, type SettingAside, unstorable } from './set-aside.ts';
import { lost, tellInTime, unrecorded } from './start-faults.ts';
import { FailedStep, type StepDeps, step } from './step.ts';

/** See there. */
export type { TakeUpOptions } from './read-executions.ts';

/** What the executor needs. */
export interface ExecutorDeps
  extends Omit<StepDeps, 'leaving' | 'release' | 'giveUp'>,
    Pick<ReaderDeps, 'load' | 'reused' | 'reloadMs'> {
  readonly setAside: SettingAside;
  readonly stepsOf: (kind: ExecutionKind) => RunSteps;
  readonly openPlan: OpenPlan;
  /** How long the caller of a start waits once its execution has to be read again, in milliseconds. */
  readonly callerWaitMs: number;
  readonly tracer: Tracer;
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
  /** Those that are held now. */
  held(): Iterable<Pick<LiveExecution, 'state'>>;
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

/** Everything that the verbs share. */
interface Machine {
  readonly deps: ExecutorDeps;
  readonly held: Map<string, LiveExecution>;
  readonly reader: Reader;
  readonly steps: StepDeps;
  readonly given: GivenCommands;
  readonly noteReload: NoteReload;
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
  const reader = createReader({
    ...deps,
    leaving,
    setAsideUnread: deps.setAside.unread,
    isHeld: (id) => held.has(id),
    resume: (owned, resuming) => resume(machine, owned, resuming),
  });
  const noteReload = createReloadLog(deps.log);
  const machine: Machine = { deps, held, reader, steps, given: createGivenCommands(steps), noteReload };
  return {
    start: (ownerId, record, options) => start(machine, { ownerId, record, options }),
    takeUp: (keys, options = {}) => reader.read(keys.map((key) => ({ key, options }))),
    commandsTo: (key) => {
      const live = held.get(key.id);
      return live && ((stored) => machine.given.give(live, stored));
    },
    held: () => held.values(),
    dropAll: () => {
      for (const { waiter } of held.values()) if (waiter) deps.slots.leave(waiter); // nobody is offered what becomes free
      for (const live of held.values()) {
        live.placed?.reject(lost());
        release(machine, live);
      }
    },
  };
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
  void machine.reader.read([{ key: record, options: { placed } }]);
  return placed.promise;
}

function hold({ deps, held }: Machine, owned: OwnedExecution, holding: Reading): LiveExecution {
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
  if (held.get(live.executionId) === live) held.delete(live.executionId);
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
  machine.noteReload(live.executionId, error);
  release(machine, live);
  if (live.placed) tellInTime(live.placed, deps.callerWaitMs);
  const key = { tenantId: live.tenantId, id: live.executionId };
  const isRefused = error instanceof RefusedAppend;
  const isFailed = isRefused || error instanceof FailedStep;
  const isCounted = isFailed && !machine.given.blame(live);
  const refusals = live.refusals + (isCounted ? 1 : 0);
  const absent = isRefused ? unrecorded : () => asFault(error);
  const told = isFailed ? { absent } : {};
  const place = live.admitted ? {} : { place: 'wanted' as const };
  machine.reader.readLater({ key, options: { placed: live.placed, refusals, ...place, ...told } });
}

// What has not begun can be cancelled before it does, and asks for a place when it begins; what has begun is gone on with first, so that nothing
// begins twice.
function resume(machine: Machine, owned: OwnedExecution, resuming: Resuming): void {
  const { deps, steps, given } = machine;
  const { refusals = 0, place, commands, first } = resuming;
  const isGiven = place === 'given';
  if (refusals > refusalsMax) {
    setAside(machine, owned, { isGiven });
    return;
  }
  try {
    const live = hold(machine, owned, resuming);
    live.admitted = isGiven;
    const isNew = live.state.status === 'pending';
    if (!isNew) takePlace(deps.admission, live, place);
    if (refusals === refusalsMax) step(steps, live, unstorable);
    else if (!isNew) step(steps, live, { type: 'loaded', placed: isGiven }, { stays: commands.length > 0 });
    for (const stored of commands) void given.give(live, stored, { stays: true });
    if (live.state.status === 'pending') step(steps, live, { type: 'loaded' }, { first });
    step(steps, live, { type: 'time' });
  } catch (error) {
    const live = machine.held.get(owned.execution.id);
    if (live) release(machine, live);
    setAside(machine, owned, { isGiven: isGiven && !live, error });
  }
}

interface Unfit {
  /** True when it still has the place that it was given. */
  readonly isGiven: boolean;
  readonly error?: unknown;
}

function setAside({ deps }: Machine, owned: OwnedExecution, { isGiven, error }: Unfit): void {
  if (isGiven) deps.admission.leave(owned.execution.tenantId);
  deps.setAside.read(owned, error);
}
