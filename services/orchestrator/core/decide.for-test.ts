// A run without an outside, for tests: effects are collected, and the test says what comes of them and how time passes.
import { expect } from '@jest/globals';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { AgentAnswer } from './agent-answer.ts';
import { decide } from './decide.ts';
import type { Effect, Observation, RunSteps } from './decision/decision.ts';
import { fold } from './evolve.ts';
import { type ExecutionState, initialState, type TaskState, taskOf } from './execution-state.ts';
import type { JournalEntry, JournalEvent } from './journal-event.ts';
import type { LogEntry } from './log-entry.ts';
import type { RunPlan } from './run-plan.ts';
import { executionToolCallsMax } from './tool-calls-left.ts';

/** When every test run begins, in milliseconds since the Unix epoch. */
export const startMs = Date.UTC(2026, 2, 1, 12);

/** Somebody who may do everything. */
export const somebody = 'a-user';

/** A run in a test's hands. */
export interface TestRun {
  readonly state: ExecutionState;
  readonly journal: JournalEntry[];
  nowMs: number;
  /** Free places for attempts; as many as a run can use unless a test says otherwise. */
  places: number;
  /** Calls of tools that the run may make; the usual number unless a test says otherwise. */
  toolCallsMax: number;
  /** Decides now, and answers the effects. */
  see(observation: Observation): readonly Effect[];
  /** So many milliseconds pass, and then it is looked what is due. */
  pass(ms: number): readonly Effect[];
  /** The agent answers its present attempt. */
  answer(nodeId: string, output?: JsonObject, more?: Partial<AgentAnswer>): readonly Effect[];
  /** The present attempt faults. `notBeforeMs` as an open breaker tells it. */
  fault(nodeId: string, code: string, more?: { random?: number; notBeforeMs?: number }): readonly Effect[];
  /** A person decides an approval. */
  decide(nodeId: string, approved: boolean, comment?: string): readonly Effect[];
  cancel(): readonly Effect[];
  pause(): readonly Effect[];
  resume(): readonly Effect[];
  task(nodeId: string): TaskState;
}

/** What a test run begins with; a document, and nothing to prepare, unless a test says otherwise. */
export interface TestRunOptions {
  readonly steps?: RunSteps;
  /** What the journal holds already. */
  readonly journal?: readonly JournalEntry[];
  readonly nowMs?: number;
}

/** A run of a plan, not yet loaded. */
export function runOf(plan: RunPlan, options: TestRunOptions = {}): TestRun {
  const { steps = { document: true, prepare: false }, nowMs = startMs } = options;
  const journal = [...(options.journal ?? [])];
  const state = fold(initialState(plan), journal);
  const run: TestRun = {
    state,
    journal,
    nowMs,
    places: 10,
    toolCallsMax: executionToolCallsMax,
    see(observation) {
      const { events, effects } = decide(state, observation, {
        nowMs: run.nowMs,
        places: run.places,
        toolCallsMax: run.toolCallsMax,
        steps,
      });
      for (const event of events) journal.push({ seq: journal.length + 1, atMs: run.nowMs, event });
      return effects;
    },
    pass(ms) {
      run.nowMs += ms;
      return run.see({ type: 'time' });
    },
    answer: (nodeId, output = { answer: nodeId }, more = {}) => run.see(answered(run, nodeId, output, more)),
    fault: (nodeId, code, { random = 0.5, notBeforeMs } = {}) =>
      run.see({
        type: 'faulted',
        nodeId,
        attempt: run.task(nodeId).attempt,
        fault: { code, message: `${code} happened` },
        durationMs: 7,
        random,
        ...(notBeforeMs === undefined ? {} : { notBeforeMs }),
      }),
    decide: (nodeId, approved, comment = '') =>
      run.see({ type: 'decide_approval', by: somebody, nodeId, approved, comment }),
    cancel: () => run.see({ type: 'cancel', by: somebody, because: 'no longer needed' }),
    pause: () => run.see({ type: 'pause', by: somebody }),
    resume: () => run.see({ type: 'resume', by: somebody }),
    task: (nodeId) => taskOf(state, nodeId),
  };
  return run;
}

function answered(run: TestRun, nodeId: string, output: JsonObject, more: Partial<AgentAnswer>): Observation {
  const attempt = run.task(nodeId).attempt;
  return { type: 'answered', nodeId, attempt, answer: answerOf(output, more), durationMs: 5 };
}

/** An answer; what a test does not name is usual. */
export function answerOf(output: JsonObject, more: Partial<AgentAnswer> = {}): AgentAnswer {
  const usual = { reasoning: 'Because', confidence: 0.8, references: [], spans: {}, runtime: 'builtin' };
  return { output, ...usual, ...more };
}

/** A run whose document is in place: its first tasks are under way. */
export function startedRun(plan: RunPlan, options: TestRunOptions = {}): TestRun {
  const run = runOf(plan, options);
  run.see({ type: 'loaded' });
  if (run.state.status === 'pending') run.see({ type: 'document_placed' });
  return run;
}

/** The run as another process reads it from its journal, not yet loaded there. */
export function readAgain(run: TestRun, steps?: RunSteps): TestRun {
  const { state, journal, nowMs } = run;
  return runOf(state.plan, { journal, nowMs, ...(steps ? { steps } : {}) });
}

/** nodeIds of the attempts that begin, in order. */
export function invoked(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => (effect.type === 'invoke' ? [effect.nodeId] : []));
}

/** nodeIds of the attempts that are aborted, in order. */
export function aborted(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => (effect.type === 'abort' ? [effect.nodeId] : []));
}

/** Where each task stands, by nodeId. */
export function statuses({ state }: TestRun): Record<string, string> {
  return Object.fromEntries(state.tasks.map(({ planned, status }) => [planned.nodeId, status]));
}

/** The log as pairs of node and status, in order. */
export function logged({ state }: TestRun): [string, LogEntry['status']][] {
  return state.log.map(({ agentId, status }) => [agentId, status]);
}

/** The journal's events of one type, in order. */
export function eventsOf<T extends JournalEvent['type']>({ journal }: TestRun, type: T) {
  const isOfType = (event: JournalEvent): event is Extract<JournalEvent, { type: T }> => event.type === type;
  return journal.map(({ event }) => event).filter(isOfType);
}

/** Expects the state to be the fold of the journal, in everything but what only this process needs to know. */
export function expectFolded({ state, journal }: TestRun): void {
  expect(recorded(state)).toEqual(recorded(fold(initialState(state.plan), journal)));
}

function recorded({ plan, tasks, startable, active, failures, ...state }: ExecutionState) {
  const namesOf = (some: Iterable<TaskState>) => Array.from(some, ({ planned }) => planned.nodeId);
  return {
    ...state,
    tasks: tasks.map(({ lookup, waitsForCalls, ...task }) => task),
    active: namesOf(active),
    failures: namesOf(failures),
  };
}
