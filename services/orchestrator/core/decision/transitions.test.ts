// The states of an execution and of a task (SPEC S16) as tables: every transition that is listed happens, and no other does.
import { describe, expect, it } from '@jest/globals';
import { answerOf, runOf, somebody, startedRun, type TestRun } from '../decide.for-test.ts';
import type { ExecutionStatus, TaskStatus } from '../execution-state.ts';
import { approvalNode, planOf, withTasks } from '../run-plan.for-test.ts';
import { endWork, workerEnded } from '../work/work-run.for-test.ts';
import type { Observation } from './decision.ts';

const plan = withTasks(planOf({ only: [], ask: [] }), { ask: approvalNode() });
const fault = { code: 'output_invalid', message: 'wrong' };
const last = { attempt: 1, durationMs: 1 };

/** A run in each status, with a task under way wherever one can be. */
const runs: Record<ExecutionStatus, () => TestRun> = {
  pending: () => runOf(plan),
  running: () => startedRun(plan),
  paused: () => after(startedRun(plan), (run) => run.pause()),
  cancelling: () => after(startedRun(plan), (run) => run.cancel()),
  finishing: () => after(startedRun(planOf({ only: [] })), (run) => run.answer('only')),
  completed: () => after(runs.finishing(), (run) => run.see({ type: 'applied', summary: '' })),
  failed: () =>
    after(startedRun(planOf({ only: [] })), (run) => {
      run.fault('only', 'output_invalid');
      run.see({ type: 'applied', summary: '' });
    }),
  cancelled: () =>
    after(runs.cancelling(), (run) => {
      run.fault('only', 'cancelled');
      run.see({ type: 'applied', summary: '' });
    }),
};

function after(run: TestRun, step: (run: TestRun) => unknown): TestRun {
  step(run);
  return run;
}

const by = somebody;
const observations = {
  loaded: { type: 'loaded' },
  placed: { type: 'document_placed' },
  notPlaced: { type: 'document_refused', fault },
  found: { type: 'looked_up', nodeId: 'only', found: { answer: answerOf({}), fromExecutionId: 'x' } },
  answered: { type: 'answered', nodeId: 'only', answer: answerOf({}), ...last },
  faulted: { type: 'faulted', nodeId: 'only', fault, random: 0, ...last },
  told: { type: 'tool_called', nodeId: 'only', attempt: 1, toolName: 'search' },
  uncertain: { type: 'attempt_uncertain', nodeId: 'only', attempt: 1 },
  time: { type: 'time' },
  cancel: { type: 'cancel', by, because: '' },
  pause: { type: 'pause', by },
  resume: { type: 'resume', by },
  approve: { type: 'decide_approval', by, nodeId: 'ask', approved: true, comment: '' },
  reject: { type: 'decide_approval', by, nodeId: 'ask', approved: false, comment: '' },
  workerEnded: workerEnded('only', 1),
  prepared: { type: 'prepared', prepared: {} },
  refused: { type: 'outcome_refused', fault },
  applied: { type: 'applied', summary: '' },
} satisfies Record<string, Observation>;
type Seen = keyof typeof observations;

// From pending, a cancel and a refusal lead over what is shown while the document is told: `cancelling` and `finishing`.
const executionMoves: Record<ExecutionStatus, Partial<Record<Seen, ExecutionStatus>>> = {
  pending: { placed: 'running', notPlaced: 'finishing', cancel: 'cancelling' },
  running: { pause: 'paused', cancel: 'cancelling', faulted: 'finishing' },
  paused: { resume: 'running', cancel: 'cancelling' },
  cancelling: {},
  finishing: { applied: 'completed' },
  completed: {},
  failed: {},
  cancelled: {},
};

describe('an execution', () => {
  const cases = Object.keys(runs).flatMap((from) =>
    Object.keys(observations).map((seen) => [from as ExecutionStatus, seen as Seen] as const),
  );

  it.each(cases)('that is %s, and sees %s, moves as the table says', (from, seen) => {
    const run = runs[from]();
    expect(run.state.status).toBe(from);
    run.see(observations[seen]);
    expect(run.state.status).toBe(executionMoves[from][seen] ?? from);
  });

  it.each(['completed', 'failed', 'cancelled'] as const)('that is %s records nothing more', (from) => {
    const run = runs[from]();
    const before = run.journal.length;
    for (const observation of Object.values(observations)) expect(run.see(observation)).toEqual([]);
    expect(run.journal).toHaveLength(before);
  });

  it('that is cancelling is cancelled when the last task in flight has ended and that is applied', () => {
    expect(runs.cancelled().state.status).toBe('cancelled');
  });

  it('that is finishing with a failure is failed once that is applied', () => {
    expect(runs.failed().state.status).toBe('failed');
  });
});

const cached = withTasks(planOf({ top: [], it: ['top'], below: ['it'], side: [] }), {
  it: { cacheTtlMs: 1_000 },
});
const asking = withTasks(planOf({ it: [], side: [] }), { it: approvalNode() });
const work = { type: 'custom', requiredCapabilities: [], priority: 2 };
const offering = withTasks(planOf({ it: [], side: [] }), { it: { work } });
const plain = planOf({ it: [], side: [] });

/** A run with a task called `it` in each status in which it can still move. */
const tasks: Partial<Record<TaskStatus, () => TestRun>> = {
  waiting: () => startedRun(cached),
  ready: () => after(startedRun(cached), (run) => run.answer('top')),
  running: () => startedRun(plain),
  retry_wait: () => after(startedRun(plain), (run) => run.fault('it', 'tool_error')),
  waiting_approval: () => startedRun(asking),
  waiting_worker: () => startedRun(offering),
};

const itself = { nodeId: 'it', attempt: 1, durationMs: 1 };
const steps = {
  parentSucceeds: (run: TestRun) => run.answer('top'),
  parentFails: (run: TestRun) => run.fault('top', 'output_invalid'),
  anotherFails: (run: TestRun) => run.fault('side', 'output_invalid'),
  cancel: (run: TestRun) => run.cancel(),
  pause: (run: TestRun) => run.pause(),
  hit: (run: TestRun) =>
    run.see({ type: 'looked_up', nodeId: 'it', found: { answer: answerOf({}), fromExecutionId: 'x' } }),
  miss: (run: TestRun) => run.see({ type: 'looked_up', nodeId: 'it' }),
  validOutput: (run: TestRun) => run.see({ type: 'answered', answer: answerOf({}), ...itself }),
  invalidOutput: (run: TestRun) => run.see({ type: 'answered', answer: answerOf({ foreign: 1 }), ...itself }),
  retryableFault: (run: TestRun) =>
    run.see({ type: 'faulted', fault: { code: 'tool_error', message: '' }, random: 0, ...itself }),
  finalFault: (run: TestRun) => run.see({ type: 'faulted', fault, random: 0, ...itself }),
  aSecondPasses: (run: TestRun) => run.pass(1_000),
  itsTimeIsUp: (run: TestRun) => run.pass(600_000),
  twoDaysPass: (run: TestRun) => {
    run.answer('side');
    return run.pass(172_800_000);
  },
  approve: (run: TestRun) => run.decide('it', true),
  reject: (run: TestRun) => run.decide('it', false),
  workerAnswers: (run: TestRun) => endWork(run, 'it', 1),
  workerIsLost: (run: TestRun) => endWork(run, 'it', 1, { fault: 'worker_lost' }),
  workerFails: (run: TestRun) => endWork(run, 'it', 1, { fault: 'limit_reached' }),
  itsTimeWithWorkersIsUp: (run: TestRun) => endWork(run, 'it', 1, { fault: 'deadline', workerId: '' }),
};
type Step = keyof typeof steps;

// A retry whose time is reached is claimed in the same moment. That a run's or a task's time is up ends what has begun as failed, and skips what
// has not.
const taskMoves: Partial<Record<TaskStatus, Partial<Record<Step, TaskStatus>>>> = {
  waiting: {
    parentSucceeds: 'ready',
    parentFails: 'skipped',
    anotherFails: 'skipped',
    cancel: 'skipped',
    twoDaysPass: 'skipped',
    itsTimeIsUp: 'skipped',
  },
  ready: {
    anotherFails: 'skipped',
    cancel: 'skipped',
    hit: 'succeeded',
    miss: 'running',
    twoDaysPass: 'skipped',
    itsTimeIsUp: 'skipped',
  },
  running: {
    validOutput: 'succeeded',
    invalidOutput: 'failed',
    retryableFault: 'retry_wait',
    finalFault: 'failed',
    itsTimeIsUp: 'failed',
    twoDaysPass: 'failed',
  },
  retry_wait: {
    anotherFails: 'failed',
    cancel: 'cancelled',
    aSecondPasses: 'running',
    itsTimeIsUp: 'failed',
    twoDaysPass: 'failed',
  },
  waiting_approval: {
    anotherFails: 'cancelled',
    cancel: 'cancelled',
    approve: 'succeeded',
    reject: 'failed',
    twoDaysPass: 'failed',
    itsTimeIsUp: 'cancelled',
  },
  // Its time is whoever gives it out to tell, but the run's is up in the end. A worker may have it when another fails.
  waiting_worker: {
    cancel: 'cancelled',
    workerAnswers: 'succeeded',
    workerIsLost: 'retry_wait',
    workerFails: 'failed',
    itsTimeWithWorkersIsUp: 'failed',
    twoDaysPass: 'failed',
  },
};

describe('a task', () => {
  const cases = Object.keys(tasks).flatMap((from) =>
    Object.keys(steps)
      .filter((step) => from === 'waiting' || !step.startsWith('parent'))
      .map((step) => [from as TaskStatus, step as Step] as const),
  );

  it.each(cases)('that is %s, when %s, moves as the table says', (from, step) => {
    const run = tasks[from]?.() ?? runOf(plain);
    expect(run.task('it').status).toBe(from);
    steps[step](run);
    expect(run.task('it').status).toBe(taskMoves[from]?.[step] ?? from);
  });

  it('that is running when the run is cancelled is cancelled by the end of its call', () => {
    const run = startedRun(plain);
    run.cancel();
    expect(run.task('it').status).toBe('running');
    run.fault('it', 'cancelled');
    expect(run.task('it').status).toBe('cancelled');
  });
});
