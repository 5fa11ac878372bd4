// How attempts end and what follows: retries and their waits, breakers, what comes too late, and look-ups in the cache.
import { describe, expect, it } from '@jest/globals';
import { answerOf, eventsOf, invoked, readAgain, startedRun, startMs } from '../decide.for-test.ts';
import { planOf, withTasks } from '../run-plan.for-test.ts';

const only = planOf({ only: [] });

describe('a passing fault', () => {
  const passing = ['model_error', 'model_timeout', 'tool_error', 'worker_lost', 'dependency_unavailable'];

  it.each([...passing, 'attempt_timeout'])('%s is tried again', (code) => {
    const run = startedRun(only);
    run.fault('only', code);
    expect(run.task('only').status).toBe('retry_wait');
  });

  it('is tried again three times, and then the task fails with it', () => {
    const run = startedRun(only);
    for (const attempt of [2, 3, 4]) {
      run.fault('only', 'dependency_unavailable');
      expect(invoked(run.pass(60_000))).toEqual(['only']);
      expect(run.task('only').attempt).toBe(attempt);
    }
    run.fault('only', 'dependency_unavailable');
    expect(run.state.outcome).toMatchObject({ succeeded: false, reason: 'dependency_unavailable' });
    expect(run.state.log).toMatchObject([{ status: 'error', attempt: 4, executionTimeMs: 7 }]);
    expect(eventsOf(run, 'retry_scheduled').map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
  });

  it('is tried as often as the task allows', () => {
    const run = startedRun(withTasks(only, { only: { limits: { retriesMax: 0 } } }));
    run.fault('only', 'tool_error');
    expect(run.task('only').status).toBe('failed');
  });

  it.each([
    [1, 2_000],
    [2, 4_000],
    [5, 32_000],
    [6, 60_000],
    [9, 60_000],
  ])('of attempt %i is waited out for a part of %i ms that chance gives', (attempt, longestMs) => {
    for (const random of [0, 0.25, 0.999]) {
      const limits = { retriesMax: 10, totalTimeoutMs: 6_000_000 };
      const run = startedRun({ ...withTasks(only, { only: { limits } }), executionTimeoutMs: 6_000_000 });
      for (let before = 1; before < attempt; before += 1) {
        run.fault('only', 'tool_error', { random: 0 });
        run.pass(0);
      }
      run.fault('only', 'tool_error', { random });
      expect(run.task('only').dueMs).toBe(run.nowMs + Math.round(random * longestMs));
    }
  });

  it('is not tried again before its time, and then at once', () => {
    const run = startedRun(only);
    run.fault('only', 'tool_error');
    expect(run.pass(999)).toEqual([]);
    expect(run.pass(1)).toEqual([{ type: 'invoke', nodeId: 'only', attempt: 2, repeated: false }]);
  });

  it('that falls due in a full run waits for a place', () => {
    const graph = Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`n${at}`, []]));
    const run = startedRun(planOf(graph));
    run.fault('n0', 'tool_error');
    expect(run.pass(5_000)).toEqual([]);
    expect(invoked(run.answer('n1'))).toEqual(['n0']);
  });

  it('whose wait would outlast the time for the task is final', () => {
    const run = startedRun(withTasks(only, { only: { limits: { totalTimeoutMs: 30_000 } } }));
    run.nowMs += 29_500;
    run.fault('only', 'tool_error');
    expect(run.task('only')).toMatchObject({ status: 'failed', fault: { code: 'tool_error' } });
  });
});

describe('a final fault', () => {
  const final = [
    'output_invalid',
    'output_too_large',
    'permission_denied',
    'model_unavailable',
    'budget_exceeded',
    'agent_disabled',
    'agent_missing',
    'deadline',
    'approval_rejected',
    'approval_timeout',
    'too_many_targets',
    'limit_reached',
    'cancelled',
  ];

  it.each(final)('%s is not tried again', (code) => {
    const run = startedRun(only);
    run.fault('only', code);
    expect(run.task('only')).toMatchObject({ status: 'failed', fault: { code } });
  });
});

describe('an open breaker', () => {
  it('delays a task without using up an attempt, however often', () => {
    const run = startedRun(only);
    for (let times = 0; times < 5; times += 1) {
      run.fault('only', 'dependency_unavailable', { notBeforeMs: 60_000 });
      expect(run.task('only')).toMatchObject({ status: 'retry_wait', attempt: 0, waitsForBreaker: true });
      expect(run.task('only').dueMs).toBe(run.nowMs + 60_000);
      expect(run.pass(59_999)).toEqual([]);
      expect(run.pass(1)).toEqual([{ type: 'invoke', nodeId: 'only', attempt: 1, repeated: false }]);
    }
    expect(eventsOf(run, 'retry_scheduled').every(({ counts }) => !counts)).toBe(true);
    run.answer('only');
    expect(run.state.log).toMatchObject([{ status: 'success', attempt: 1 }]);
  });

  it('delays also the last attempt that a task may make', () => {
    const run = startedRun(withTasks(only, { only: { limits: { retriesMax: 0 } } }));
    run.fault('only', 'dependency_unavailable', { notBeforeMs: 60_000 });
    expect(run.task('only').status).toBe('retry_wait');
  });

  it('leaves the attempts that were made before as they are', () => {
    const run = startedRun(only);
    run.fault('only', 'tool_error');
    run.pass(1_000);
    run.fault('only', 'dependency_unavailable', { notBeforeMs: 60_000 });
    expect(run.task('only')).toMatchObject({ attempt: 1, lastAttemptMs: 7 });
    run.pass(60_000);
    expect(run.task('only')).toMatchObject({ status: 'running', attempt: 2 });
    expect(run.task('only').waitsForBreaker).toBeUndefined();
  });

  it('that stays open longer than the task has time fails it with its fault', () => {
    const run = startedRun(withTasks(only, { only: { limits: { totalTimeoutMs: 50_000 } } }));
    run.fault('only', 'dependency_unavailable', { notBeforeMs: 60_000 });
    expect(run.task('only')).toMatchObject({
      status: 'failed',

      fault: { code: 'dependency_unavailable' },
    });
  });

  it('does not ask the cache again', () => {
    const run = startedRun(withTasks(only, { only: { cacheTtlMs: 1_000 } }));
    run.see({ type: 'looked_up', nodeId: 'only' });
    run.fault('only', 'dependency_unavailable', { notBeforeMs: 1_000 });
    const again = readAgain(run);
    again.see({ type: 'loaded' });
    expect(again.pass(1_000)).toEqual([{ type: 'invoke', nodeId: 'only', attempt: 1, repeated: false }]);
  });
});

describe('what is told too late, twice or of something else', () => {
  it('changes nothing', () => {
    const run = startedRun(planOf({ only: [], after: ['only'] }));
    run.fault('only', 'attempt_timeout');
    run.pass(60_000);
    const before = run.journal.length;
    const answer = answerOf({});
    const fault = { code: 'tool_error', message: '' };
    const durationMs = 1;
    for (const attempt of [0, 1, 3]) {
      expect(run.see({ type: 'answered', nodeId: 'only', attempt, answer, durationMs })).toEqual([]);
      expect(run.see({ type: 'faulted', nodeId: 'only', attempt, fault, durationMs, random: 0 })).toEqual([]);
      expect(run.see({ type: 'tool_called', nodeId: 'only', attempt, toolName: 'search' })).toEqual([]);
      expect(run.see({ type: 'attempt_uncertain', nodeId: 'only', attempt })).toEqual([]);
    }
    for (const nodeId of ['after', 'nobody']) {
      expect(run.see({ type: 'answered', nodeId, attempt: 0, answer, durationMs })).toEqual([]);
      expect(run.see({ type: 'looked_up', nodeId, found: { answer, fromExecutionId: 'x' } })).toEqual([]);
      expect(run.decide(nodeId, true)).toEqual([]);
    }
    expect(run.see({ type: 'prepared', prepared: {} })).toEqual([]);
    expect(run.see({ type: 'outcome_refused', fault })).toEqual([]);
    expect(run.see({ type: 'applied', summary: '' })).toEqual([]);
    expect(run.journal).toHaveLength(before);
  });

  it('an answer counts once', () => {
    const run = startedRun(planOf({ only: [], slow: [] }));
    const answered = {
      type: 'answered',
      nodeId: 'only',
      attempt: 1,
      answer: answerOf({}),
      durationMs: 1,
    } as const;
    run.see(answered);
    const before = run.journal.length;
    expect(run.see(answered)).toEqual([]);
    expect(run.journal).toHaveLength(before);
  });
});

describe('an answer', () => {
  it('with a key that the schema does not name is no success and is not tried again', () => {
    const run = startedRun(only);
    run.answer('only', { answer: 'x', secret: 'y' });
    expect(run.task('only')).toMatchObject({ status: 'failed', fault: { code: 'output_invalid' } });
    expect(run.task('only').answer).toBeUndefined();
  });

  it('over 64 KB is no success', () => {
    const run = startedRun(only);
    run.answer('only', { answer: 'x'.repeat(64 * 1024) });
    expect(run.task('only').fault?.code).toBe('output_too_large');
  });
});

describe('an attempt under way', () => {
  it('tells of each tool that it calls, and of what may be paid twice', () => {
    const run = startedRun(only);
    run.see({ type: 'tool_called', nodeId: 'only', attempt: 1, toolName: 'search' });
    run.see({ type: 'attempt_uncertain', nodeId: 'only', attempt: 1 });
    expect(run.journal.slice(-2).map(({ event }) => event)).toEqual([
      { type: 'tool_called', nodeId: 'only', attempt: 1, toolName: 'search' },
      { type: 'attempt_uncertain', nodeId: 'only', attempt: 1 },
    ]);
    expect(run.task('only').status).toBe('running');
  });

  it('that takes all of its time is aborted and counts as a passing fault', () => {
    const run = startedRun(only);
    expect(run.pass(299_999)).toEqual([]);
    expect(run.pass(1)).toEqual([{ type: 'abort', nodeId: 'only', attempt: 1 }]);
    expect(eventsOf(run, 'retry_scheduled')).toMatchObject([
      { attempt: 1, fault: { code: 'attempt_timeout' }, durationMs: 300_000, counts: true },
    ]);
  });

  it('that begins and times out with others is not tried again together with them', () => {
    const graph = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`n${at}`, []]));
    const run = startedRun(planOf(graph));
    run.pass(300_000);
    const waitsMs = run.state.tasks.map(({ dueMs = 0 }) => dueMs - run.nowMs);
    expect(new Set(waitsMs).size).toBeGreaterThan(5);
    for (const waitMs of waitsMs) expect(waitMs >= 0 && waitMs <= 2_000).toBe(true);
  });
});

describe('the cache', () => {
  const cached = withTasks(planOf({ a: [], b: ['a'] }), { a: { cacheTtlMs: 1_000 } });
  const found = { answer: answerOf({ answer: 'known' }, { confidence: 0.7 }), fromExecutionId: 'another' };

  it('is asked before the agent, needs no place, and is asked once', () => {
    const run = startedRun(cached);
    expect(run.state.counts.ready).toBe(1);
    run.places = 0;
    expect(readAgain(run).see({ type: 'loaded' })).toEqual([{ type: 'look_up', nodeId: 'a' }]);
    expect(run.pass(5)).toEqual([]);
    expect(run.see({ type: 'looked_up', nodeId: 'a' })).toEqual([]);
    expect(run.see({ type: 'looked_up', nodeId: 'a', found })).toEqual([]);
    run.places = 1;
    expect(invoked(run.see({ type: 'time' }))).toEqual(['a']);
  });

  it('that holds the output makes the task succeed without an attempt', () => {
    const run = startedRun(cached);
    expect(invoked(run.see({ type: 'looked_up', nodeId: 'a', found }))).toEqual(['b']);
    expect(run.task('a')).toMatchObject({ status: 'succeeded', attempt: 0, computedBy: 'another' });
    expect(run.state.log).toMatchObject([
      {
        status: 'cached',
        attempt: 0,
        executionTimeMs: 0,
        confidence: 0.7,
        runtime: 'builtin',
        atMs: startMs,
        cache: { source: 'cross_run', fromExecutionId: 'another' },
      },
    ]);
  });

  it('that answers while the run is paused is believed, and nothing starts by it', () => {
    const run = startedRun(cached);
    run.pause();
    expect(run.see({ type: 'looked_up', nodeId: 'a', found })).toEqual([]);
    expect(run.task('a').status).toBe('succeeded');
    expect(invoked(run.resume())).toEqual(['b']);
  });

  it('that holds nothing lets the agent start after a pause', () => {
    const run = startedRun(cached);
    run.pause();
    expect(run.see({ type: 'looked_up', nodeId: 'a' })).toEqual([]);
    expect(invoked(run.resume())).toEqual(['a']);
  });
});
