// Decisions of people: each is made once, by a person or by time, and durably waited for.
import { describe, expect, it } from '@jest/globals';
import {
  eventsOf,
  invoked,
  logged,
  readAgain,
  somebody,
  startedRun,
  startMs,
  statuses,
} from '../decide.for-test.ts';
import { approvalNode, planOf, withTasks } from '../run-plan.for-test.ts';
import type { PlannedApproval } from '../run-plan.ts';
import { nextDueMs, parkUntilMs } from './due.ts';

const dayMs = 86_400_000;

function askingPlan(changes: Partial<PlannedApproval> = {}) {
  return withTasks(planOf({ draft: [], ask: ['draft'], send: ['ask'] }), { ask: approvalNode(changes) });
}

/** A run that asks. */
function askingRun(changes: Partial<PlannedApproval> = {}) {
  const run = startedRun(askingPlan(changes));
  run.answer('draft');
  return run;
}

describe('an approval', () => {
  it('is asked for once its parents have succeeded, needs no place, and says until when', () => {
    const run = startedRun(askingPlan());
    run.places = 0;
    expect(run.answer('draft')).toEqual([]);
    expect(run.task('ask').status).toBe('waiting_approval');
    expect(eventsOf(run, 'approval_requested')).toEqual([
      { type: 'approval_requested', nodeId: 'ask', expiresMs: startMs + dayMs },
    ]);
  });

  it('that a person gives succeeds with what they said, and is no step of an agent', () => {
    const run = askingRun();
    expect(invoked(run.decide('ask', true, 'Looks right'))).toEqual(['send']);
    expect(run.task('ask').answer?.output).toEqual({ approved: true, by: somebody, comment: 'Looks right' });
    expect(eventsOf(run, 'approval_decided')).toEqual([
      { type: 'approval_decided', nodeId: 'ask', approved: true, by: somebody, comment: 'Looks right' },
    ]);
    run.answer('send');
    expect(logged(run)).toEqual([
      ['draft', 'success'],
      ['send', 'success'],
    ]);
    expect(run.state.outcome?.succeeded).toBe(true);
  });

  it('that a person refuses fails with the comment', () => {
    const run = askingRun();
    expect(run.decide('ask', false, 'Wrong street')).toEqual([{ type: 'apply' }]);
    expect(statuses(run)).toEqual({ draft: 'succeeded', ask: 'failed', send: 'skipped' });
    expect(run.state.log.slice(1)).toMatchObject([
      {
        agentId: 'ask',
        status: 'error',
        fault: { code: 'approval_rejected', message: 'The approval was rejected: Wrong street' },
      },
      { agentId: 'send', status: 'skipped' },
    ]);
    expect(run.state.outcome?.reason).toBe('approval_rejected');
  });

  it('that nobody gives in time fails', () => {
    const run = askingRun({ timeoutMs: dayMs });
    expect(nextDueMs(run.state)).toBe(startMs + dayMs);
    expect(run.pass(dayMs - 1)).toEqual([]);
    run.pass(1);
    expect(run.task('ask')).toMatchObject({ status: 'failed', fault: { code: 'approval_timeout' } });
    expect(eventsOf(run, 'approval_decided')).toMatchObject([{ approved: false, by: null }]);
  });

  it('that nobody gives in time succeeds where it is to be given then', () => {
    const run = askingRun({ timeoutMs: 5_000, onTimeout: 'approve' });
    expect(invoked(run.pass(5_000))).toEqual(['send']);
    expect(run.task('ask').answer?.output).toMatchObject({ approved: true, by: null });
  });

  it.each([true, false])('is decided once (first approved: %s)', (first) => {
    const run = askingRun();
    run.decide('ask', first);
    const before = run.journal.length;
    expect(run.decide('ask', !first)).toEqual([]);
    expect(run.journal).toHaveLength(before);
  });

  it('that time has decided is no longer a person’s to decide, also when time is noticed late', () => {
    const run = askingRun({ timeoutMs: 5_000 });
    run.nowMs += 5_000;
    run.decide('ask', true);
    expect(run.task('ask')).toMatchObject({ status: 'failed', fault: { code: 'approval_timeout' } });
  });

  it('of several is decided on its own', () => {
    const plan = withTasks(planOf({ one: [], two: [], after: ['one'] }, 'continue'), {
      one: approvalNode({ timeoutMs: 60_000 }),
      two: approvalNode({ timeoutMs: 30_000 }),
    });
    const run = startedRun(plan);
    run.pass(30_000);
    expect(statuses(run)).toEqual({ one: 'waiting_approval', two: 'failed', after: 'waiting' });
    expect(invoked(run.decide('one', true))).toEqual(['after']);
    expect(eventsOf(run, 'approval_decided').map(({ nodeId, by }) => [nodeId, by])).toEqual([
      ['two', null],
      ['one', somebody],
    ]);
  });

  it('that expires together with another is decided like it, also under fail_fast', () => {
    const plan = withTasks(planOf({ one: [], two: [] }), {
      one: approvalNode({ timeoutMs: 1_000 }),
      two: approvalNode({ timeoutMs: 1_000 }),
    });
    const run = startedRun(plan);
    run.pass(1_000);
    expect(statuses(run)).toEqual({ one: 'failed', two: 'failed' });
  });

  it('waits on in a run that was lost or left memory, until the same time', () => {
    const run = askingRun();
    expect(parkUntilMs(run.state, run.nowMs)).toBe(startMs + dayMs);
    run.nowMs += dayMs / 2;
    const again = readAgain(run);
    expect(again.see({ type: 'loaded' })).toEqual([]);
    expect(nextDueMs(again.state)).toBe(startMs + dayMs);
    expect(invoked(again.decide('ask', true))).toEqual(['send']);
  });

  it('that expired while nobody had the run is decided by time when it is read', () => {
    const run = askingRun({ onTimeout: 'approve' });
    run.nowMs += 2 * dayMs;
    expect(invoked(readAgain(run).see({ type: 'loaded' }))).toEqual(['send']);
  });

  it('expires in a paused run too', () => {
    const run = askingRun({ timeoutMs: 1_000 });
    run.pause();
    run.pass(1_000);
    expect(run.task('ask').status).toBe('failed');
  });

  it('gives what depends on it the decision as an output, and is nothing that is handed over in the log', () => {
    const plan = withTasks(planOf({ ask: [], one: ['ask'], two: ['ask'] }), { ask: approvalNode() });
    const run = startedRun(plan);
    expect(invoked(run.decide('ask', true))).toEqual(['one', 'two']);
    expect(run.state.log).toEqual([]);
  });
});
