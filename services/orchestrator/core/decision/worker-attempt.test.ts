// Tasks for workers: offered, ended by whoever gave them out, tried again. The run waits without a timer of its own.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  eventsOf,
  expectFolded,
  logged,
  readAgain,
  runOf,
  somebody,
  startedRun,
  startMs,
  statuses,
  type TestRun,
} from '../decide.for-test.ts';
import { openTasks } from '../execution-state.ts';
import { planOf, withTasks } from '../run-plan.for-test.ts';
import type { RunPlan } from '../run-plan.ts';
import { waitingFor } from '../waiting-for.ts';
import { openWork } from '../work/work-plan.ts';
import { endWork, pinnedWork, workerEnded, workSteps } from '../work/work-run.for-test.ts';
import { parkUntilMs } from './due.ts';

function workPlan(...given: Parameters<typeof pinnedWork>): RunPlan {
  const plan = openWork(pinnedWork(...given));
  if (!plan) throw new Error('no plan of work');
  return plan;
}

const begun = (...given: Parameters<typeof pinnedWork>): TestRun =>
  startedRun(workPlan(...given), { steps: workSteps });

const parked = ({ state, nowMs }: TestRun): boolean => parkUntilMs(state, nowMs) === Number.POSITIVE_INFINITY;

describe('a task for workers', () => {
  it('is offered without a place, and its run waits for nothing but what comes of it', () => {
    const run = runOf(workPlan({ task: [] }), { steps: workSteps });
    run.places = 0;
    expect(run.see({ type: 'loaded' })).toEqual([]);
    expect(statuses(run)).toEqual({ task: 'waiting_worker' });
    expect(eventsOf(run, 'task_offered')).toEqual([{ type: 'task_offered', nodeId: 'task', attempt: 1 }]);
    expect(parked(run)).toBe(true);
    expect(run.pass(100 * 86_400_000)).toEqual([]);
    expect(statuses(run)).toEqual({ task: 'waiting_worker' });
  });

  it('ends with the answer of its attempt, whatever keys that has, and names who made it and when', () => {
    const run = begun({ task: [] });
    run.nowMs += 5_000;
    endWork(run, 'task', 1, { output: { a: '1', b: '2', c: '3', d: '4', e: '5', f: '6' } });
    expect(run.state).toMatchObject({ status: 'completed', outcome: { succeeded: true } });
    expect(eventsOf(run, 'task_started')).toEqual([
      { type: 'task_started', nodeId: 'task', attempt: 1, startedMs: startMs + 4_000, workerId: somebody },
    ]);
    expect(run.state.log).toMatchObject([{ status: 'success', attempt: 1, executionTimeMs: 1_000 }]);
    expectFolded(run);
  });

  it('is judged by the keys of its agent in a playbook', () => {
    const plan = withTasks(planOf({ only: [] }), {
      only: { work: { type: 'custom', requiredCapabilities: ['see'], priority: 2 } },
    });
    const run = startedRun(plan);
    expect(statuses(run)).toEqual({ only: 'waiting_worker' });
    endWork(run, 'only', 1, { output: { foreign: '1' } });
    expect(run.task('only')).toMatchObject({ status: 'failed', fault: { code: 'output_invalid' } });
  });

  it('with too large an answer fails', () => {
    const run = begun({ task: [] });
    endWork(run, 'task', 1, { output: { text: 'x'.repeat(64 * 1024) } });
    expect(run.task('task').fault?.code).toBe('output_too_large');
  });

  it('is offered again after a fault that may pass, when its wait is over', () => {
    const run = begun({ task: [] });
    endWork(run, 'task', 1, { fault: 'worker_lost' });
    expect(run.task('task')).toMatchObject({ status: 'retry_wait', attempt: 1 });
    run.pass(60_000);
    expect(run.task('task').status).toBe('waiting_worker');
    expect(eventsOf(run, 'task_offered').map(({ attempt }) => attempt)).toEqual([1, 2]);
    expectFolded(run);
  });

  it('uses up a retry with each attempt that ended, and none with one that was taken back', () => {
    const run = begun({ task: [] }, { retriesMax: 1, totalTimeoutMs: 86_400_000 });
    endWork(run, 'task', 4, { fault: 'worker_lost', returned: 3 });
    expect(run.task('task').status).toBe('retry_wait');
    run.pass(60_000);
    expect(eventsOf(run, 'task_offered').at(-1)).toMatchObject({ attempt: 5 });
    endWork(run, 'task', 5, { fault: 'worker_lost', returned: 3 });
    expect(run.state).toMatchObject({ status: 'failed', outcome: { reason: 'worker_lost' } });
    expect(eventsOf(run, 'task_started').map(({ attempt, returned }) => [attempt, returned])).toEqual([
      [4, 3],
      [5, 3],
    ]);
  });

  it('whose time is up while no worker has it fails at once, also between two attempts', () => {
    const end = { fault: 'deadline', workerId: '' };
    const waiting = begun({ task: [] });
    endWork(waiting, 'task', 1, end);
    expect(waiting.state.outcome?.reason).toBe('deadline');
    expect(eventsOf(waiting, 'task_started')).toEqual([]);
    const between = begun({ task: [] });
    endWork(between, 'task', 1, { fault: 'worker_lost' });
    endWork(between, 'task', 1, end);
    expect(between.state.outcome?.reason).toBe('deadline');
    expect(logged(between)).toEqual([['task', 'error']]);
  });

  it('says that it waits for a worker, and what that one must be able to do', () => {
    const run = begun({ task: [] }, { requiredCapabilities: ['see', 'hear'] });
    const planned = run.task('task').planned;
    expect(waitingFor(run.state, planned, { place: 'parked' })).toEqual([
      'a worker that can do see, hear to do The task',
    ]);
    const withWorker = new Map([['task', 3]]);
    expect(waitingFor(run.state, planned, { place: 'parked', withWorker })).toEqual([
      'attempt 3 of The task, which a worker has',
    ]);
    run.pause();
    expect(waitingFor(run.state, planned, { place: 'parked' })[0]).toBe('the run to be resumed');
  });
});

describe('what comes of an attempt', () => {
  it('begins a run that nobody has begun', () => {
    const run = runOf(workPlan({ task: [] }), { steps: workSteps });
    endWork(run, 'task', 1);
    expect(run.state.status).toBe('completed');
  });

  it('counts once: told again, too late or of another node it changes nothing', () => {
    const run = begun({ a: [], b: ['a'] });
    endWork(run, 'a', 1, { fault: 'tool_error' });
    run.pass(60_000);
    endWork(run, 'a', 2);
    const journal = run.journal.length;
    for (const [nodeId, attempt] of [
      ['a', 1],
      ['a', 2],
      ['a', 9],
      ['c', 1],
    ] as const) {
      endWork(run, nodeId, attempt);
    }
    expect(run.journal).toHaveLength(journal);
    expect(run.task('b').status).toBe('waiting_worker');
  });

  it('of a replaced attempt changes nothing', () => {
    const run = begun({ task: [] });
    endWork(run, 'task', 2, { fault: 'tool_error' });
    run.pass(60_000);
    endWork(run, 'task', 2, { output: { late: 'answer' } });
    expect(run.task('task').status).toBe('waiting_worker');
  });

  it('counts while the run is paused, in which nothing new is offered', () => {
    const run = begun({ a: [], b: ['a'] });
    run.pause();
    endWork(run, 'a', 1);
    expect(statuses(run)).toEqual({ a: 'succeeded', b: 'ready' });
    run.resume();
    expect(statuses(run)).toEqual({ a: 'succeeded', b: 'waiting_worker' });
  });

  it('comes too late once the run is cancelled, which it is at once', () => {
    const run = begun({ a: [], b: ['a'] });
    run.cancel();
    expect(run.state.status).toBe('cancelled');
    expect(statuses(run)).toEqual({ a: 'cancelled', b: 'skipped' });
    expect(endWork(run, 'a', 1)).toEqual([]);
    expect(run.state.status).toBe('cancelled');
  });
});

describe('a graph of tasks for workers', () => {
  const stopped = { fault: 'cancelled', workerId: '' };

  it('starts nothing after its first failure, where that is its policy, and ends with what its workers have by then', () => {
    const run = begun({ a: [], b: [], c: ['a'], d: [] });
    endWork(run, 'a', 1, { fault: 'output_invalid' });
    expect(statuses(run)).toEqual({ a: 'failed', b: 'waiting_worker', c: 'skipped', d: 'waiting_worker' });
    expect(eventsOf(run, 'task_withdrawn').map(({ nodeId }) => nodeId)).toEqual(['b', 'd']);
    const again = readAgain(run, workSteps);
    endWork(again, 'd', 0, stopped);
    endWork(again, 'b', 1);
    expect(statuses(again)).toEqual({ a: 'failed', b: 'succeeded', c: 'skipped', d: 'skipped' });
    expect(eventsOf(again, 'task_skipped').map(({ because }) => because)).toEqual([
      'Skipped because The a failed',
      'Skipped because The a failed',
    ]);
    expect(again.state).toMatchObject({ status: 'failed', outcome: { reason: 'output_invalid' } });
  });

  it('tries nothing again that it has withdrawn, and keeps the fault of what had been tried before', () => {
    const run = begun({ a: [], b: [], c: [] });
    endWork(run, 'b', 1, { fault: 'worker_lost' });
    run.pass(60_000);
    endWork(run, 'a', 1, { fault: 'output_invalid' });
    endWork(run, 'c', 1, { fault: 'tool_error' });
    endWork(run, 'b', 2, stopped);
    expect(statuses(run)).toEqual({ a: 'failed', b: 'failed', c: 'failed' });
    expect([run.task('b').fault?.code, run.task('c').fault?.code]).toEqual(['worker_lost', 'tool_error']);
    expect(run.state.status).toBe('failed');
  });

  it('is cancelled with what was withdrawn before, also after a pause', () => {
    const run = begun({ a: [], b: [] });
    run.pause();
    endWork(run, 'a', 1, { fault: 'output_invalid' });
    run.resume();
    expect(statuses(run)).toEqual({ a: 'failed', b: 'waiting_worker' });
    run.cancel();
    expect(statuses(run)).toEqual({ a: 'failed', b: 'cancelled' });
    expect(run.state.status).toBe('cancelled');
  });

  it('goes on with what can still be done, where that is its policy', () => {
    const run = begun({ a: [], b: [], c: ['a'] }, {}, 'continue');
    endWork(run, 'a', 1, { fault: 'output_invalid' });
    expect(statuses(run)).toEqual({ a: 'failed', b: 'waiting_worker', c: 'skipped' });
    endWork(run, 'b', 1);
    expect(run.state).toMatchObject({ status: 'failed', outcome: { partial: true } });
  });

  it('has ten tasks with workers at most, and may leave memory although more could be offered', () => {
    const nodes = Array.from({ length: 12 }, (_, at) => [`n${at}`, []] as const);
    const run = begun(Object.fromEntries(nodes));
    expect(run.state.counts).toMatchObject({ waiting_worker: 10, ready: 2 });
    expect(parked(run)).toBe(true);
    const again = readAgain(run, workSteps);
    again.pass(60_000);
    again.see({ type: 'loaded', placed: true });
    expect(again.state.stoppedMs).toBe(0);
    endWork(again, 'n3', 1);
    expect(again.state.counts).toMatchObject({ waiting_worker: 10, ready: 1 });
  });
});

describe('an agent that runs on workers', () => {
  const work = { type: 'custom', requiredCapabilities: [], priority: 2 };
  const plan = (executionTimeoutMs: number) => ({
    ...withTasks(planOf({ top: [], it: ['top'], side: ['top'] }), { it: { work } }),
    executionTimeoutMs,
  });

  it('takes the time of its run, which ends all of it', () => {
    const run = startedRun(plan(60_000));
    run.answer('top');
    run.answer('side');
    expect(parkUntilMs(run.state, run.nowMs)).toBe(startMs + 60_000);
    run.pass(60_000);
    expect(run.task('it')).toMatchObject({ status: 'failed', fault: { code: 'deadline' } });
    expect(run.state.outcome).toMatchObject({ succeeded: false, reason: 'deadline' });
  });

  it('is beside others that run here', () => {
    const run = startedRun(plan(900_000));
    run.answer('top');
    expect(statuses(run)).toEqual({ top: 'succeeded', it: 'waiting_worker', side: 'running' });
    expect(parkUntilMs(run.state, run.nowMs)).toBeUndefined();
    endWork(run, 'it', 1);
    run.answer('side');
    expect(run.state.status).toBe('finishing');
    // The output is handed over once it is offered, as with any other agent.
    expect(run.state.log.filter(({ status }) => status === 'cached')).toHaveLength(1);
    expectFolded(run);
  });
});

describe('whatever workers do', () => {
  const names = ['n0', 'n1', 'n2', 'n3', 'n4'];
  const graph = { n0: [], n1: ['n0'], n2: ['n0'], n3: ['n1', 'n2'], n4: [] };
  const step = fc.record({
    what: fc.constantFrom('answer', 'fault', 'final', 'deadline', 'pass', 'pause', 'resume', 'reload'),
    which: fc.constantFrom(...names),
    attempt: fc.integer({ min: 1, max: 6 }),
  });
  const faults: Readonly<Record<string, string>> = { fault: 'worker_lost', final: 'limit_reached' };

  it('every task ends once, and the run ends with the last of them', () => {
    const lives = fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, isContinued) => {
      let run = begun(graph, { retriesMax: 1 }, isContinued ? 'continue' : 'fail_fast');
      for (const each of steps) {
        run = after(run, each);
        expectFolded(run);
      }
      for (let left = 20; left > 0 && run.state.endedMs === undefined; left -= 1) {
        run.resume();
        run.pass(60_000);
        for (const name of names) endWork(run, name, run.task(name).attempt + 1);
      }
      expect(run.state.endedMs).toBeDefined();
      expect(openTasks(run.state)).toBe(0);
      expect(run.state.log.filter(({ cache }) => !cache)).toHaveLength(names.length);
    });
    fc.assert(lives, { numRuns: 300 });
  });

  interface Step {
    readonly what: string;
    readonly which: string;
    readonly attempt: number;
  }

  /** The run after one more step, as whoever holds it then sees it. */
  function after(run: TestRun, { what, which, attempt }: Step): TestRun {
    if (what === 'pass') run.pass(30_000);
    else if (what === 'pause') run.pause();
    else if (what === 'resume') run.resume();
    else if (what === 'reload') return loadedAgain(run);
    else if (what === 'deadline') endWork(run, which, attempt, { fault: 'deadline', workerId: '' });
    else run.see(workerEnded(which, attempt, faults[what] ? { fault: faults[what] } : {}));
    return run;
  }

  function loadedAgain(run: TestRun): TestRun {
    const again = readAgain(run, workSteps);
    again.see({ type: 'loaded' });
    return again;
  }
});
