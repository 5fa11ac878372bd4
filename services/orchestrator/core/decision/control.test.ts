// What a cancel, a pause and a resume do to a run and to each of its tasks.
import { describe, expect, it } from '@jest/globals';
import {
  aborted,
  answerOf,
  eventsOf,
  expectFolded,
  invoked,
  logged,
  readAgain,
  runOf,
  somebody,
  startedRun,
  statuses,
} from '../decide.for-test.ts';
import { approvalNode, planOf, withTasks } from '../run-plan.for-test.ts';
import { cancelGraceMs } from './control.ts';
import { nextDueMs } from './due.ts';

const graph = { done: [], runs: [], retries: [], ask: [], kept: [], below: ['runs'] };
const busyPlan = withTasks(planOf(graph), { ask: approvalNode(), kept: { cacheTtlMs: 1_000 } });

/** A run with a task of each kind of waiting. */
function busyRun() {
  const run = startedRun(busyPlan);
  run.answer('done');
  run.fault('retries', 'tool_error');
  return run;
}

const noDocument = { steps: { document: false, prepare: false } };

describe('a cancel', () => {
  it('aborts what runs, cancels what waits for a time or a person, and skips what never started', () => {
    const run = busyRun();
    expect(aborted(run.cancel())).toEqual(['runs']);
    expect(run.state.status).toBe('cancelling');
    expect(statuses(run)).toEqual({
      done: 'succeeded',
      runs: 'running',
      retries: 'cancelled',
      ask: 'cancelled',
      kept: 'skipped',
      below: 'skipped',
    });
    expect(eventsOf(run, 'cancel_requested')).toEqual([
      { type: 'cancel_requested', by: somebody, because: 'no longer needed' },
    ]);
    expect(run.state.log.find(({ agentId }) => agentId === 'retries')).toMatchObject({
      status: 'error',
      attempt: 1,
      executionTimeMs: 7,
      output: null,
      fault: { code: 'cancelled', message: 'cancelled' },
    });
  });

  it('ends the run as soon as the last aborted call has ended', () => {
    const run = startedRun(planOf({ a: [], b: [] }));
    run.cancel();
    expect(run.fault('a', 'cancelled')).toEqual([]);
    expect(run.fault('b', 'cancelled')).toEqual([{ type: 'apply' }]);
    expect(run.state.outcome).toEqual({
      succeeded: false,
      partial: false,
      reason: 'cancelled',
      error: 'cancelled',
    });
    expect(run.state.status).toBe('cancelling');
    run.see({ type: 'applied', summary: '' });
    expect(run.state.status).toBe('cancelled');
    expect(logged(run)).toEqual([
      ['a', 'error'],
      ['b', 'error'],
    ]);
  });

  it('records an output that comes before the abort has taken effect', () => {
    const run = startedRun(planOf({ only: [], after: ['only'] }));
    run.cancel();
    expect(invoked(run.answer('only'))).toEqual([]);
    expect(statuses(run)).toEqual({ only: 'succeeded', after: 'skipped' });
    expect(run.state.outcome?.reason).toBe('cancelled');
  });

  it.each(['tool_error', 'output_invalid'])('calls an aborted call cancelled that ends with %s', (code) => {
    const run = startedRun(planOf({ only: [] }));
    run.cancel();
    run.fault('only', code);
    expect(run.state.log).toMatchObject([{ status: 'error', fault: { code: 'cancelled' } }]);
  });

  it('gives aborted calls 30 s and then abandons them', () => {
    const run = startedRun(planOf({ only: [] }));
    run.nowMs += 1_000;
    run.cancel();
    expect(cancelGraceMs).toBe(30_000);
    expect(nextDueMs(run.state)).toBe(run.nowMs + 30_000);
    expect(run.pass(29_999)).toEqual([]);
    expect(run.pass(1)).toEqual([{ type: 'apply' }]);
    expect(run.state.log).toMatchObject([{ fault: { code: 'cancelled' }, executionTimeMs: 31_000 }]);
    expect(
      run.see({ type: 'answered', nodeId: 'only', attempt: 1, answer: answerOf({}), durationMs: 1 }),
    ).toEqual([]);
  });

  it('has its 30 s also when the owner was lost in between', () => {
    const run = startedRun(planOf({ only: [] }));
    run.cancel();
    run.nowMs += 30_000;
    const again = readAgain(run);
    expect(again.see({ type: 'loaded' })).toEqual([{ type: 'apply' }]);
    expect(again.task('only').status).toBe('cancelled');
  });

  it('before the document is in place ends the run, and a late word of the document changes nothing', () => {
    const run = runOf(planOf({ a: [], b: ['a'] }));
    run.see({ type: 'loaded' });
    expect(run.cancel()).toEqual([{ type: 'apply' }]);
    expect(new Set(Object.values(statuses(run)))).toEqual(new Set(['skipped']));
    expect(run.see({ type: 'document_placed' })).toEqual([]);
    expect(run.see({ type: 'document_refused', fault: { code: 'internal', message: '' } })).toEqual([]);
    run.see({ type: 'applied', summary: '' });
    expect(run.state.status).toBe('cancelled');
  });

  it('of a run without a document that has nothing under way ends it at once', () => {
    const run = startedRun(withTasks(planOf({ ask: [] }), { ask: approvalNode() }), noDocument);
    expect(run.cancel()).toEqual([]);
    expect(run.state).toMatchObject({ status: 'cancelled', outcome: { reason: 'cancelled' } });
  });

  it('of a paused run ends it', () => {
    const run = startedRun(planOf({ only: [] }), noDocument);
    run.pause();
    expect(aborted(run.cancel())).toEqual(['only']);
    run.fault('only', 'cancelled');
    expect(run.state.status).toBe('cancelled');
  });

  it('counts once, and never in a run that is being applied or has ended', () => {
    const run = startedRun(planOf({ only: [] }));
    run.cancel();
    expect(run.cancel()).toEqual([]);
    expect(eventsOf(run, 'cancel_requested')).toHaveLength(1);
    const finishing = startedRun(planOf({ only: [] }));
    finishing.answer('only');
    expect(finishing.cancel()).toEqual([]);
    expect(finishing.state.status).toBe('finishing');
    finishing.see({ type: 'applied', summary: '' });
    expect(finishing.cancel()).toEqual([]);
    expect(finishing.state.status).toBe('completed');
  });

  it('is not undone by a pause, a resume or a decision', () => {
    const run = startedRun(withTasks(planOf({ only: [], ask: [] }), { ask: approvalNode() }));
    run.cancel();
    const before = run.journal.length;
    for (const effects of [run.pause(), run.resume(), run.decide('ask', true)]) expect(effects).toEqual([]);
    expect(run.journal).toHaveLength(before);
  });
});

describe('a pause', () => {
  it('lets what runs end and be recorded, and starts nothing', () => {
    const run = busyRun();
    run.pause();
    expect(run.state.status).toBe('paused');
    expect(run.answer('runs')).toEqual([]);
    expect(run.pass(60_000)).toEqual([]);
    expect(run.see({ type: 'looked_up', nodeId: 'kept' })).toEqual([]);
    expect(statuses(run)).toMatchObject({
      runs: 'succeeded',
      below: 'ready',
      retries: 'retry_wait',
      kept: 'ready',
    });
    expect(eventsOf(run, 'paused')).toEqual([{ type: 'paused', by: somebody }]);
  });

  it('survives a loss: what runs is repeated, nothing else begins, and a resume goes on', () => {
    const run = busyRun();
    run.pause();
    run.nowMs += 60_000;
    const again = readAgain(run);
    expectFolded(again);
    expect(again.see({ type: 'loaded' })).toEqual([
      { type: 'invoke', nodeId: 'runs', attempt: 1, repeated: true },
    ]);
    expect(again.state.status).toBe('paused');
    again.answer('runs');
    expect(again.resume()).toEqual([
      { type: 'look_up', nodeId: 'kept' },
      { type: 'invoke', nodeId: 'below', attempt: 1, repeated: false },
    ]);
    expect(nextDueMs(again.state)).toBeLessThanOrEqual(again.nowMs);
    expect(again.pass(0)).toEqual([{ type: 'invoke', nodeId: 'retries', attempt: 2, repeated: false }]);
  });

  it('asks no person anything new, and takes decisions of what was asked before', () => {
    const plan = withTasks(planOf({ first: [], ask: [], later: ['first'], after: ['ask'] }), {
      ask: approvalNode(),
      later: approvalNode(),
    });
    const run = startedRun(plan);
    run.pause();
    run.answer('first');
    run.decide('ask', true);
    expect(statuses(run)).toEqual({ first: 'succeeded', ask: 'succeeded', later: 'ready', after: 'ready' });
    expect(invoked(run.resume())).toEqual(['after']);
    expect(run.task('later').status).toBe('waiting_approval');
  });

  it('holds a run whose last task ends until it is resumed', () => {
    const run = startedRun(planOf({ only: [] }));
    run.pause();
    expect(run.answer('only')).toEqual([]);
    expect(run.pass(10_000_000)).toEqual([]);
    expect(run.state.status).toBe('paused');
    expect(run.resume()).toEqual([{ type: 'apply' }]);
    expect(run.state.status).toBe('finishing');
  });

  it('of a run in which a task fails under fail_fast skips the rest at once', () => {
    const run = startedRun(planOf({ bad: [], below: ['bad'] }));
    run.pause();
    run.fault('bad', 'output_invalid');
    expect(statuses(run)).toEqual({ bad: 'failed', below: 'skipped' });
    expect(run.state.status).toBe('paused');
    run.resume();
    expect(run.state.outcome?.reason).toBe('output_invalid');
  });

  it('lets a passing fault be tried again after the resume only', () => {
    const run = startedRun(planOf({ only: [] }));
    run.pause();
    run.fault('only', 'tool_error');
    expect(run.pass(60_000)).toEqual([]);
    run.resume();
    expect(invoked(run.pass(0))).toEqual(['only']);
  });
});
