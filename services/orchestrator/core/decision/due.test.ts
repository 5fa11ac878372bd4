// Times of runs, tasks and attempts: what is up when, what does not count, and when a run may leave memory.
import { describe, expect, it } from '@jest/globals';
import { aborted, invoked, runOf, startedRun, startMs, statuses } from '../decide.for-test.ts';
import { approvalNode, planOf, withTasks } from '../run-plan.for-test.ts';
import type { RunPlan } from '../run-plan.ts';
import { nextDueMs, parkAfterMs, parkUntilMs } from './due.ts';

const only = planOf({ only: [] });
const slow = { limits: { attemptTimeoutMs: 10_000_000, totalTimeoutMs: 10_000_000 } };

function lasting(plan: RunPlan, executionTimeoutMs: number): RunPlan {
  return { ...plan, executionTimeoutMs };
}

describe('the time for a task', () => {
  const plan = withTasks(only, { only: { limits: { totalTimeoutMs: 200_000 } } });

  it('ends it over all attempts and waits', () => {
    const run = startedRun(plan);
    run.fault('only', 'tool_error');
    run.pass(1_000);
    expect(nextDueMs(run.state)).toBe(startMs + 200_000);
    expect(run.pass(198_999)).toEqual([]);
    expect(run.pass(1)).toEqual([{ type: 'abort', nodeId: 'only', attempt: 2 }, { type: 'apply' }]);
    expect(run.task('only').fault?.code).toBe('deadline');
    expect(run.state.log).toMatchObject([{ status: 'error', attempt: 2, executionTimeMs: 199_000 }]);
  });

  it('ends it while it waits for another attempt that finds no place', () => {
    const run = startedRun(plan);
    run.fault('only', 'tool_error');
    run.places = 0;
    run.pass(1_000);
    expect(run.task('only').status).toBe('retry_wait');
    expect(nextDueMs(run.state)).toBe(startMs + 200_000);
    run.pass(199_000);
    expect(run.state.log).toMatchObject([{ fault: { code: 'deadline' }, attempt: 1, executionTimeMs: 7 }]);
  });

  it('begins with its first attempt, not with the run', () => {
    const run = runOf(plan);
    run.places = 0;
    run.see({ type: 'document_placed' });
    run.places = 1;
    run.pass(100_000);
    expect(nextDueMs(run.state)).toBe(startMs + 300_000);
  });

  it('does not go on while the run is paused', () => {
    const run = startedRun(
      withTasks(only, { only: { limits: { totalTimeoutMs: 200_000, attemptTimeoutMs: 9e9 } } }),
    );
    run.pass(100_000);
    run.pause();
    expect(nextDueMs(run.state)).toBe(startMs + 9e9);
    expect(run.pass(500_000)).toEqual([]);
    run.resume();
    expect(run.pass(99_999)).toEqual([]);
    expect(aborted(run.pass(1))).toEqual(['only']);
  });

  it('is checked for an attempt that runs through a pause', () => {
    const run = startedRun(only);
    run.pause();
    expect(aborted(run.pass(300_000))).toEqual(['only']);
    expect(run.task('only').status).toBe('retry_wait');
  });
});

describe('the time for a run', () => {
  it('aborts and fails what has begun, skips what has not, and is what the run failed of', () => {
    const graph = { done: [], runs: [], retries: [], ask: [], below: ['runs'] };
    const run = startedRun(withTasks(planOf(graph), { ask: approvalNode(), runs: slow, retries: slow }));
    run.answer('done');
    run.fault('retries', 'tool_error');
    run.places = 0;
    expect(run.pass(900_000)).toEqual([{ type: 'abort', nodeId: 'runs', attempt: 1 }, { type: 'apply' }]);
    expect(statuses(run)).toEqual({
      done: 'succeeded',
      runs: 'failed',
      retries: 'failed',
      ask: 'cancelled',
      below: 'skipped',
    });
    expect(run.state.outcome).toEqual({
      succeeded: false,
      partial: false,
      reason: 'deadline',
      error: 'The time for the run is up',
    });
  });

  it('fails a run of which nothing has begun', () => {
    const run = runOf(only);
    run.places = 0;
    run.see({ type: 'document_placed' });
    expect(nextDueMs(run.state)).toBe(startMs + 900_000);
    expect(run.pass(900_000)).toEqual([{ type: 'apply' }]);
    expect(statuses(run)).toEqual({ only: 'skipped' });
    expect(run.state.outcome).toMatchObject({ succeeded: false, reason: 'deadline' });
  });

  it('leaves what succeeded to be applied under continue', () => {
    const run = startedRun(withTasks(planOf({ a: [], b: [] }, 'continue'), { b: slow }));
    run.answer('a');
    run.pass(900_000);
    expect(run.state.outcome).toMatchObject({ succeeded: false, partial: true, reason: 'deadline' });
  });

  it('does not hide what failed before', () => {
    const run = startedRun(withTasks(planOf({ bad: [], b: [] }, 'continue'), { b: slow }));
    run.fault('bad', 'output_invalid');
    run.pass(900_000);
    expect(run.state.outcome?.reason).toBe('output_invalid');
  });

  it('does not go on during pauses', () => {
    const run = startedRun(withTasks(only, { only: slow }));
    run.pass(400_000);
    run.pause();
    run.pass(1_000_000);
    run.resume();
    run.pause();
    run.pass(1_000_000);
    run.resume();
    expect(nextDueMs(run.state)).toBe(startMs + 2_900_000);
    expect(run.pass(499_999)).toEqual([]);
    expect(aborted(run.pass(1))).toEqual(['only']);
  });

  it('does not go on while all that it waits for are approvals', () => {
    const plan = withTasks(planOf({ before: [], ask: ['before'], after: ['ask'] }), {
      ask: approvalNode(),
      after: slow,
    });
    const run = startedRun(plan);
    run.nowMs += 100_000;
    run.answer('before');
    run.nowMs += 80_000_000;
    expect(invoked(run.decide('ask', true))).toEqual(['after']);
    expect(nextDueMs(run.state)).toBe(run.nowMs + 800_000);
  });

  it('goes on while something else is under way beside an approval', () => {
    const run = startedRun(withTasks(planOf({ ask: [], long: [] }), { ask: approvalNode(), long: slow }));
    expect(nextDueMs(run.state)).toBe(startMs + 900_000);
  });

  it('counts a pause during an approval once', () => {
    const run = startedRun(
      withTasks(planOf({ ask: [], after: ['ask'] }), { ask: approvalNode(), after: slow }),
    );
    run.nowMs += 1_000;
    run.pause();
    run.nowMs += 1_000;
    run.resume();
    run.nowMs += 1_000;
    run.decide('ask', true);
    expect(run.state.stoppedMs).toBe(3_000);
    expect(nextDueMs(run.state)).toBe(startMs + 903_000);
  });

  it('has no end where the plan gives none', () => {
    const run = startedRun(lasting(withTasks(only, { only: slow }), Number.POSITIVE_INFINITY));
    expect(nextDueMs(run.state)).toBe(startMs + 10_000_000);
  });
});

describe('too little time', () => {
  it.each([
    [10_000, 'running'],
    [9_999, 'failed'],
  ])('of the run, %i ms, leaves a task %s', (leftMs, status) => {
    const run = startedRun(lasting(planOf({ a: [], b: ['a'] }), 100_000));
    run.nowMs += 100_000 - leftMs;
    run.answer('a');
    expect(run.task('b').status).toBe(status);
    if (status === 'failed') expect(run.state.outcome?.reason).toBe('deadline');
  });

  it.each([
    [10_000, 'running'],
    [9_999, 'failed'],
  ])('of the task, %i ms, leaves its next attempt %s', (leftMs, status) => {
    const run = startedRun(withTasks(only, { only: { limits: { totalTimeoutMs: 100_000 } } }));
    run.nowMs += 99_000 - leftMs;
    run.fault('only', 'tool_error');
    run.pass(1_000);
    expect(run.task('only').status).toBe(status);
    if (status === 'failed') expect(run.task('only').fault?.code).toBe('deadline');
  });

  it('starts neither an agent nor a look into the cache', () => {
    const plan = withTasks(planOf({ a: [], b: ['a'] }), { b: { cacheTtlMs: 1_000 } });
    const run = startedRun(lasting(plan, 100_000));
    run.nowMs += 95_000;
    expect(run.answer('a')).toEqual([{ type: 'apply' }]);
  });

  it('does not keep a task from starting that is given less than that in all', () => {
    const run = startedRun(withTasks(only, { only: { limits: { totalTimeoutMs: 3_000 } } }));
    expect(run.task('only').status).toBe('running');
    expect(aborted(run.pass(3_000))).toEqual(['only']);
    expect(run.task('only').fault?.code).toBe('deadline');
  });
});

describe('a run may leave memory', () => {
  it('while it waits for a far time alone', () => {
    const run = startedRun(only);
    run.fault('only', 'dependency_unavailable', { notBeforeMs: 60_000 });
    expect(parkUntilMs(run.state, run.nowMs)).toBe(startMs + 60_000);
  });

  it('while it is paused and nothing runs, until somebody resumes it', () => {
    const run = startedRun(planOf({ a: [], b: ['a'] }));
    run.pause();
    expect(parkUntilMs(run.state, run.nowMs)).toBeUndefined();
    run.answer('a');
    expect(parkUntilMs(run.state, run.nowMs)).toBe(Number.POSITIVE_INFINITY);
  });

  it('not for a time that is near', () => {
    const run = startedRun(only);
    run.fault('only', 'dependency_unavailable', { notBeforeMs: parkAfterMs });
    expect(parkUntilMs(run.state, run.nowMs)).toBeUndefined();
    expect(parkUntilMs(run.state, run.nowMs - 1)).toBe(startMs + parkAfterMs);
  });

  it('not while something runs, could run, is looked for or is applied', () => {
    const cached = withTasks(only, { only: { cacheTtlMs: 1_000 } });
    const noPlace = runOf(only);
    noPlace.places = 0;
    noPlace.see({ type: 'document_placed' });
    const retrying = startedRun(only);
    retrying.fault('only', 'tool_error');
    retrying.places = 0;
    retrying.pass(1_000);
    const finishing = startedRun(only);
    finishing.answer('only');
    const cancelling = startedRun(only);
    cancelling.cancel();
    const runs = [
      runOf(only),
      startedRun(only),
      startedRun(cached),
      noPlace,
      retrying,
      finishing,
      cancelling,
    ];
    expect(runs.map(({ state, nowMs }) => parkUntilMs(state, nowMs))).toEqual(runs.map(() => undefined));
  });
});
