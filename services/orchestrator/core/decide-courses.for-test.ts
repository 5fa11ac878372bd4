// Random plans, and random courses of runs of them: what comes back from outside, what people ask, how time passes and when the owner is lost.
import fc from 'fast-check';
import { answerOf, readAgain, runOf, somebody, type TestRun } from './decide.for-test.ts';
import type { Effect, Observation, RunSteps } from './decision/decision.ts';
import { nextDueMs } from './decision/due.ts';
import { approvalNode, planOf, type TaskChange, withTasks } from './run-plan.for-test.ts';
import type { RunPlan } from './run-plan.ts';

const changes = {
  agent: {},
  approval: approvalNode({ timeoutMs: 50_000 }),
  approving: approvalNode({ timeoutMs: 20_000, onTimeout: 'approve' }),
  cached: { cacheTtlMs: 1_000 },
  gone: { unavailable: 'agent_missing' },
} satisfies Record<string, TaskChange>;

const kinds = fc.oneof(
  { weight: 20, arbitrary: fc.constant('agent' as const) },
  { weight: 8, arbitrary: fc.constantFrom('approval' as const, 'approving' as const, 'cached' as const) },
  { weight: 1, arbitrary: fc.constant('gone' as const) },
);

const row = fc.record({
  parents: fc.array(fc.nat(), { maxLength: 3 }),
  kind: kinds,
  retriesMax: fc.nat(2),
  totalTimeoutMs: fc.constantFrom(5_000, 40_000, 600_000),
});

/** Graphs of up to 14 nodes of every kind, under either policy, with and without a time for the run. */
export const plans: fc.Arbitrary<RunPlan> = fc
  .record({
    rows: fc.array(row, { minLength: 1, maxLength: 14, size: 'max' }),
    policy: fc.constantFrom('fail_fast' as const, 'continue' as const),
    executionTimeoutMs: fc.constantFrom(30_000, 900_000, Number.POSITIVE_INFINITY),
  })
  .map(({ rows, policy, executionTimeoutMs }) => {
    const graph = rows.map(({ parents }, at): [string, string[]] => [
      `n${at}`,
      at === 0 ? [] : [...new Set(parents.map((each) => `n${each % at}`))],
    ]);
    const tasks = rows.map(({ kind, retriesMax, totalTimeoutMs }, at): [string, TaskChange] => [
      `n${at}`,
      { ...changes[kind], limits: { retriesMax, totalTimeoutMs, attemptTimeoutMs: 15_000 } },
    ]);
    const plan = withTasks(planOf(Object.fromEntries(graph), policy), Object.fromEntries(tasks));
    return { ...plan, executionTimeoutMs };
  });

/** What a run does besides its tasks. */
export const runSteps: fc.Arbitrary<RunSteps> = fc.constantFrom(
  { document: true, prepare: false },
  { document: true, prepare: true },
  { document: false, prepare: false },
);

/** Steps of a course: what happens, and with which numbers. */
export const courses = fc.array(fc.tuple(fc.nat(99), fc.nat(99_999)), {
  maxLength: 80,
  size: 'max',
});

/** A run and what is being done for it outside. */
export interface Course {
  run: TestRun;
  readonly steps: RunSteps;
  readonly outside: Effect[];
  /** What the last step observed; absent when it observed nothing. */
  seen?: Observation;
}

/** A course that begins. */
export function courseOf(plan: RunPlan, steps: RunSteps): Course {
  return { run: runOf(plan, { steps }), steps, outside: [{ type: 'place_document' }] };
}

/** The observation of one step, or undefined for a step of another kind: time, places or a loss, which is done at once. */
export function nextObservation(
  course: Course,
  [what, number]: readonly [number, number],
): Observation | undefined {
  const { run, outside } = course;
  const by = somebody;
  if (what < 55) {
    const [effect] = outside.length > 0 ? outside.splice(number % outside.length, 1) : [];
    return effect ? endOf(effect, number) : { type: 'time' };
  }
  if (what < 70) {
    const dueMs = nextDueMs(run.state);
    run.nowMs =
      what < 62 && Number.isFinite(dueMs) ? Math.max(run.nowMs, dueMs) : run.nowMs + (number % 20_000);
    return { type: 'time' };
  }
  if (what < 80) {
    const nodeId = `n${number % run.state.tasks.length}`;
    return { type: 'decide_approval', by, nodeId, approved: number % 5 > 0, comment: '' };
  }
  if (what < 85) return lose(course);
  if (what < 87) return { type: 'pause', by };
  if (what < 92) return { type: 'resume', by };
  if (what === 92 && number % 2 === 0) return { type: 'cancel', by, because: '' };
  if (what < 96) return foreign(number);
  run.places = number % 4;
  return { type: 'time' };
}

/** What the outside makes of an effect; `number` decides how well it goes. Aborts are heard of by the end of the attempt. */
export function endOf(effect: Effect, number: number): Observation | undefined {
  const luck = number % 20;
  const fault = { code: 'output_invalid', message: 'wrong' };
  switch (effect.type) {
    case 'place_document':
      return luck > 0 ? { type: 'document_placed' } : { type: 'document_refused', fault };
    case 'prepare':
      return luck > 0 ? { type: 'prepared', prepared: { by: number } } : { type: 'outcome_refused', fault };
    case 'apply':
      return luck > 0 ? { type: 'applied', summary: '' } : { type: 'outcome_refused', fault };
    case 'look_up': {
      const found = { answer: answerOf({ answer: 'kept' }), fromExecutionId: 'another' };
      return { type: 'looked_up', nodeId: effect.nodeId, ...(luck > 11 ? { found } : {}) };
    }
    case 'invoke':
      return endOfAttempt(effect, number);
    case 'abort':
      return undefined;
  }
}

function endOfAttempt({ nodeId, attempt }: { nodeId: string; attempt: number }, number: number): Observation {
  const ended = { nodeId, attempt, durationMs: number % 1_000 };
  const luck = number % 20;
  if (luck > 6) return { type: 'answered', answer: answerOf({ answer: nodeId }), ...ended };
  const code = luck === 0 ? 'output_invalid' : 'dependency_unavailable';
  const random = (number % 97) / 97;
  const breaker = luck > 4 ? { notBeforeMs: number % 30_000 } : {};
  return { type: 'faulted', fault: { code, message: 'wrong' }, random, ...breaker, ...ended };
}

// The outside forgets what it did, and another process reads the journal.
function lose(course: Course): Observation {
  const { places } = course.run;
  course.run = readAgain(course.run, course.steps);
  course.run.places = places;
  course.outside.length = 0;
  return { type: 'loaded' };
}

function foreign(number: number): Observation {
  const nodeId = 'nobody';
  const all: Observation[] = [
    { type: 'answered', nodeId, attempt: 1, answer: answerOf({}), durationMs: 1 },
    { type: 'looked_up', nodeId },
    { type: 'tool_called', nodeId, attempt: 1, toolName: 'search' },
    { type: 'attempt_uncertain', nodeId, attempt: 1 },
    { type: 'decide_approval', by: somebody, nodeId, approved: true, comment: '' },
  ];
  return all[number % all.length] ?? { type: 'time' };
}
