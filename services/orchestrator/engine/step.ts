// One step of one execution: decide, make what was decided durable, and only then do what it wants done outside. A decision moves the state
// in memory at once, so that steps need not wait for each other; what is lost on the way to the journal is lost with everything after it.
import type { Clock } from '../../../foundation/clock.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import { decide } from '../core/decide.ts';
import type { Circumstances, Decision, Observation } from '../core/decision/decision.ts';
import { nextDueMs } from '../core/decision/due.ts';
import { evolve } from '../core/evolve.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { type ExecutionStatus, hasEnded, isFull } from '../core/execution-state.ts';
import type { JournalEvent } from '../core/journal-event.ts';
import type { Parking } from '../store/store.ts';
import type { Admission } from './admission.ts';
import { approvalChanges, cachedOutputs, changeOf } from './decided-part.ts';
import type { PerformEffect } from './effects/perform-effect.ts';
import type { Feed } from './feed.ts';
import type { Journal } from './journal-lane.ts';
import { type DecidedPart, type LiveExecution, timerMsMax } from './live-execution.ts';
import { endedOutputs, tellEnded } from './output-cache-ends.ts';
import { entersFor, inLine, leavingFor } from './run-place.ts';
import type { Slots } from './slots.ts';
import { taskChanges } from './task-changes.ts';

/** What steps need. */
export interface StepDeps {
  readonly journal: Journal;
  readonly perform: PerformEffect;
  readonly slots: Slots;
  readonly admission: Admission;
  readonly feed: Feed;
  /** Calls of tools that one run may make. */
  readonly toolCallsMax: number;
  readonly clock: Clock;
  readonly log: Log;
  /** False when another may own this process's executions by now. */
  readonly isHeld: () => boolean;
  /** An execution of the tenant waits for a place from now on. */
  readonly queued: (tenantId: string) => void;
  /** An execution is on its way out of memory until the answer is called; whoever would take it up again waits for that. */
  readonly leaving: (live: LiveExecution) => () => void;
  /** Lets go of an execution that has ended, or belongs to nobody from now on. */
  readonly release: (live: LiveExecution) => void;
  /** What was decided last did not reach the journal, or may not have. */
  readonly giveUp: (live: LiveExecution, error: unknown) => void;
}

/** What may come with an observation. */
export interface StepOptions {
  /** The execution, to be recorded with what is decided. */
  readonly record?: ExecutionRecord;
  /** What happened before anything is decided; only while nothing has been. */
  readonly first?: readonly JournalEvent[];
  /** The command that is observed. */
  readonly commandId?: string;
  /** True when more is observed at once: it stays in memory, whatever it waits for. */
  readonly stays?: boolean;
  /** Places for attempts that are offered; absent asks for what is free. */
  readonly places?: number;
  /** Called once what was decided is durable. */
  readonly done?: () => void;
  /** Called when that is not known. */
  readonly lost?: () => void;
}

/** Why a decision was lost that could not be made or prepared for the journal: the same would happen again. The cause is what was thrown. */
export class FailedStep extends Error {
  constructor(cause: unknown) {
    super('an execution cannot be advanced', { cause });
    this.name = 'FailedStep';
  }
}

/** Advances an execution by one observation. Answers how many attempts it begins. It never throws: an execution that does is given up. */
export function step(
  deps: StepDeps,
  live: LiveExecution,
  seen: Observation,
  options: StepOptions = {},
): number {
  if (live.dropped) {
    options.lost?.();
    return 0;
  }
  const { last, places } = live;
  try {
    return advance(deps, live, { seen, options });
  } catch (cause) {
    const error = new FailedStep(cause);
    deps.log.error({ err: error, execution_id: live.executionId }, 'An execution could not be advanced');
    const begun = Math.max(0, live.places - places); // what it had taken is given back when it is let go of
    loseStep(deps, live, { before: last, error, options });
    return begun;
  }
}

interface LostStep {
  /** What had been decided last before. */
  readonly before: DecidedPart | undefined;
  readonly error: FailedStep;
  readonly options: StepOptions;
}

function loseStep(deps: StepDeps, live: LiveExecution, { before, error, options }: LostStep): void {
  const { last } = live;
  if (last && last !== before) {
    last.lost(error);
  } else {
    options.lost?.();
    deps.giveUp(live, error);
  }
}

interface Seen {
  readonly seen: Observation;
  readonly options: StepOptions;
}

function advance(deps: StepDeps, live: LiveExecution, { seen, options }: Seen): number {
  const { slots, clock } = deps;
  const nowMs = clock();
  const { status, seq } = live.state;
  const begins = live.steps.document ? 'document_placed' : 'loaded';
  const isNew = status === 'pending' && seen.type === begins;
  if (isNew && !entersFor(deps.admission, live)) {
    wait(deps, live, nowMs, options);
    return 0;
  }
  const places = live.admitted ? (options.places ?? slots.free()) : 0;
  const known = { nowMs, places, steps: live.steps, toolCallsMax: deps.toolCallsMax };
  const decision = decideAfter(live, seen, { known, first: options.first ?? [] });
  const begun = takePlaces(deps, live, { decision, options });
  const parked = options.stays ? undefined : leavingFor(deps.admission, live, { decision, nowMs });
  write(deps, live, { decision, parked, nowMs, seq: seq + 1, before: status, options });
  if (!parked) waitForTime(deps, live, nowMs);
  return begun;
}

interface Beginning {
  readonly known: Circumstances;
  readonly first: readonly JournalEvent[];
}

function decideAfter({ state }: LiveExecution, seen: Observation, { known, first }: Beginning): Decision {
  if (first.length === 0) return decide(state, seen, known);
  for (const event of first) evolve(state, { seq: state.seq + 1, atMs: known.nowMs, event });
  const { events, effects } = decide(state, seen, known);
  return { events: [...first, ...events], effects };
}

const noDecision: Decision = { events: [], effects: [] };

function wait(deps: StepDeps, live: LiveExecution, nowMs: number, options: StepOptions): void {
  const { seq, status } = live.state;
  write(deps, live, { decision: noDecision, parked: inLine, nowMs, seq: seq + 1, before: status, options });
}

interface Taking {
  readonly decision: Decision;
  readonly options: StepOptions;
}

// A place that was offered is counted by who offered it.
function takePlaces(deps: StepDeps, live: LiveExecution, { decision, options }: Taking): number {
  const { slots } = deps;
  const begun = decision.effects.reduce((sum, { type }) => (type === 'invoke' ? sum + 1 : sum), 0);
  if (begun > 0) slots.take(begun - Math.min(begun, options.places ?? 0));
  live.places += begun;
  const { status, startable } = live.state;
  if (status === 'running' && startable.length > 0 && !isFull(live.state)) {
    live.waiter ??= waiterOf(deps, live);
    slots.wait(live.waiter);
  } else if (live.waiter) {
    slots.leave(live.waiter);
  }
  return begun;
}

function waiterOf(deps: StepDeps, live: LiveExecution) {
  const { tenantId, priority = 2, createdAtMs } = live.execution;
  const offer = (): boolean => step(deps, live, { type: 'time' }, { places: 1 }) > 0;
  return { tenantId, priority, createdAtMs, offer };
}

interface Decided extends Taking {
  readonly parked: Parking | undefined;
  readonly nowMs: number;
  /** Number of the first event. */
  readonly seq: number;
  readonly before: ExecutionStatus;
}

function write(deps: StepDeps, live: LiveExecution, decided: Decided): void {
  const { decision, parked, nowMs, seq, before, options } = decided;
  const { record, commandId, done } = options;
  const change = changeOf(live.state, before, parked);
  const afterwards = decision.effects.map((effect) => () => perform(deps, live, effect));
  if (decision.events.length === 0 && !change && !record && !commandId) {
    follow(live, afterwards, done);
    return;
  }
  const ended = endedOutputs(live, decision.events);
  let left: (() => void) | undefined;
  const part: DecidedPart = {
    ...(record ? { record } : {}),
    seq,
    atMs: nowMs,
    events: decision.events,
    ...(change ? { change } : {}),
    approvals: approvalChanges(live, decision, nowMs),
    cached: cachedOutputs(live, decision),
    tasks: taskChanges(live, decision, nowMs),
    commandIds: commandId ? [commandId] : [],
    afterwards,
    written: () => {
      tellEnded(ended, true);
      left?.();
      written(deps, live, part, done);
    },
    lost: (error) => {
      tellEnded(ended, false);
      left?.();
      options.lost?.();
      deps.giveUp(live, error);
    },
  };
  if (parked) left = deps.leaving(live);
  live.last = part;
  deps.journal.append(live, part);
  // It belongs to nobody as soon as that is durable, so nothing more is decided here.
  if (parked) deps.release(live);
}

// A process that has stood still may hear late that something is durable: another may have ended long ago what it would begin now.
function perform(deps: StepDeps, live: LiveExecution, effect: Decision['effects'][number]): void {
  if (live.dropped) return;
  if (!deps.isHeld()) {
    deps.giveUp(live, new Error('the claim to executions has run out'));
    return;
  }
  if (effect.type === 'invoke') live.places -= 1; // from now on it is given back when the attempt ends
  deps.perform(live, effect, (seen) => void step(deps, live, seen));
}

// What follows from no event of its own waits for the events before it.
function follow(live: LiveExecution, acts: readonly (() => void)[], done: (() => void) | undefined): void {
  const all = done ? [...acts, done] : acts;
  if (live.last) live.last.afterwards.push(...all);
  else for (const act of all) act();
}

function written(deps: StepDeps, live: LiveExecution, part: DecidedPart, done?: () => void): void {
  const isLast = live.last === part;
  if (isLast) live.last = undefined;
  if (part.events.length > 0) deps.feed.appended(live, part);
  if (part.change?.parked?.queued) deps.queued(live.tenantId);
  tellPlaced(live, part);
  for (const act of part.afterwards) act();
  if (isLast && hasEnded(live.state)) deps.release(live);
  done?.();
}

// A caller is told only what is durable. A run without a document has started with its record, one that waits for a place likewise. What a
// run takes over from another one says nothing about its own document.
function tellPlaced({ placed, refusal, steps }: LiveExecution, { events, change }: DecidedPart): void {
  const onlyReused = events.every(({ type }) => type === 'task_reused');
  if (!placed || (steps.document && onlyReused && !change)) return;
  if (refusal) placed.reject(refusal);
  else placed.resolve();
}

function waitForTime(deps: StepDeps, live: LiveExecution, nowMs: number): void {
  if (live.dropped) return;
  const dueMs = nextDueMs(live.state);
  if (dueMs >= live.timerAtMs) return; // the timer that is set will look for what comes after it
  clearTimeout(live.timer);
  live.timerAtMs = dueMs;
  const onTime = (): void => {
    live.timerAtMs = Number.POSITIVE_INFINITY;
    step(deps, live, { type: 'time' });
  };
  live.timer = setTimeout(onTime, Math.min(Math.max(dueMs - nowMs, 0), timerMsMax));
}
