// When the tasks of a run start and in what order, and what becomes of the others when one fails. Attempts, people, times and the end have
// files of their own beside the modules that decide about them.
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
  startedRun,
  statuses,
} from './decide.for-test.ts';
import type { JournalEntry } from './journal-event.ts';
import { approvalNode, planOf, withTasks } from './run-plan.for-test.ts';

const diamond = { top: [], left: ['top'], right: ['top'], join: ['left', 'right'] };
const wide = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}`, []]));

describe('a run', () => {
  it('places its document first and starts nothing before it is in place', () => {
    const run = runOf(planOf(diamond));
    expect(run.see({ type: 'loaded' })).toEqual([{ type: 'place_document' }]);
    expect(run.pass(1)).toEqual([]);
    expect(run.state.status).toBe('pending');
    expect(run.see({ type: 'document_placed' })).toEqual([
      { type: 'invoke', nodeId: 'top', attempt: 1, repeated: false },
    ]);
    expect(run.state.status).toBe('running');
  });

  it('without a document starts at once', () => {
    const run = runOf(planOf(diamond), { steps: { document: false, prepare: false } });
    expect(invoked(run.see({ type: 'loaded' }))).toEqual(['top']);
  });

  it('is begun once, however often its document is reported in place', () => {
    const run = startedRun(planOf(diamond));
    expect(run.see({ type: 'document_placed' })).toEqual([]);
    expect(run.journal.map(({ event }) => event.type)).toEqual(['started', 'task_started']);
  });

  it('starts a task as soon as its own parents have succeeded, whatever its siblings do', () => {
    const run = startedRun(planOf({ a: [], b: [], afterA: ['a'], join: ['a', 'b'] }));
    expect(invoked(run.answer('a'))).toEqual(['afterA']);
    expect(invoked(run.answer('b'))).toEqual(['join']);
  });

  it('starts what can start in plan order, also when it became ready in another', () => {
    const run = startedRun(planOf({ a: [], b: [], afterB: ['b'], afterA: ['a'] }));
    run.places = 0;
    run.answer('a');
    run.answer('b');
    run.places = 10;
    expect(invoked(run.see({ type: 'time' }))).toEqual(['afterB', 'afterA']);
  });

  it('runs at most ten tasks at the same time and starts the next when one ends', () => {
    const run = startedRun(planOf(wide(15)));
    expect(run.state.counts.running).toBe(10);
    expect(invoked(run.answer('n3'))).toEqual(['n10']);
    run.places = 100;
    expect(invoked(run.pass(1))).toEqual([]);
  });

  it('starts nothing without a place, so many as there are places, and the rest once there are some', () => {
    const run = runOf(planOf(wide(3)));
    run.places = 0;
    expect(run.see({ type: 'document_placed' })).toEqual([]);
    run.places = 2;
    expect(invoked(run.see({ type: 'time' }))).toEqual(['n0', 'n1']);
    run.places = 1;
    expect(invoked(run.see({ type: 'time' }))).toEqual(['n2']);
  });

  it('records the end of a parent and the start of its children in one decision', () => {
    const run = startedRun(planOf(diamond));
    const before = run.journal.length;
    run.answer('top');
    expect(run.journal.slice(before).map(({ event }) => event.type)).toEqual([
      'task_succeeded',
      'task_started',
      'task_started',
    ]);
  });

  it('fails a task whose agent is gone without invoking it, and calls that an error', () => {
    const gone = withTasks(planOf({ gone: [], after: ['gone'] }), {
      gone: { unavailable: 'agent_disabled' },
    });
    const run = runOf(gone);
    expect(invoked(run.see({ type: 'document_placed' }))).toEqual([]);
    expect(run.state.outcome).toMatchObject({ succeeded: false, reason: 'agent_disabled' });
    expect(logged(run)).toEqual([
      ['gone', 'error'],
      ['after', 'skipped'],
    ]);
  });

  it('that cannot start ends failed with all of its tasks skipped', () => {
    const run = runOf(planOf(diamond));
    const fault = { code: 'dependency_unavailable', message: 'no store' };
    expect(run.see({ type: 'document_refused', fault })).toEqual([{ type: 'apply' }]);
    expect(new Set(Object.values(statuses(run)))).toEqual(new Set(['skipped']));
    run.see({ type: 'applied', summary: '' });
    expect(run.state).toMatchObject({ status: 'failed', outcome: { partial: false, error: 'no store' } });
  });
});

describe('under fail_fast', () => {
  it('nothing more starts, what runs ends as it ends, and the rest is skipped naming the agent at fault', () => {
    const run = startedRun(planOf({ bad: [], slow: [], afterSlow: ['slow'] }));
    expect(run.fault('bad', 'output_invalid')).toEqual([]);
    expect(run.task('slow').status).toBe('running');
    expect(run.answer('slow')).toEqual([{ type: 'apply' }]);
    expect(logged(run)).toEqual([
      ['bad', 'error'],
      ['afterSlow', 'skipped'],
      ['slow', 'success'],
    ]);
    expect(run.state.log[1]?.reasoning).toContain('bad Agent');
    expect(run.state.outcome).toEqual({
      succeeded: false,
      partial: false,
      reason: 'output_invalid',
      error: 'bad Agent failed: output_invalid happened',
    });
  });

  it('a task that waits for another attempt fails with its last fault, after what the attempt took', () => {
    const run = startedRun(planOf({ bad: [], flaky: [] }));
    run.fault('flaky', 'tool_error');
    run.fault('bad', 'output_invalid');
    expect(run.task('flaky')).toMatchObject({ status: 'failed', fault: { code: 'tool_error' } });
    expect(run.state.log).toMatchObject([
      { agentId: 'bad', status: 'error' },
      { agentId: 'flaky', status: 'error', attempt: 1, executionTimeMs: 7, fault: { code: 'tool_error' } },
    ]);
    expect(run.state.outcome?.reason).toBe('output_invalid');
  });

  it('a fault of what still runs is final', () => {
    const run = startedRun(planOf({ bad: [], slow: [] }));
    run.fault('bad', 'output_invalid');
    run.fault('slow', 'tool_error');
    expect(run.task('slow').status).toBe('failed');
    expect(eventsOf(run, 'retry_scheduled')).toEqual([]);
    expect(run.state.outcome?.error).toContain('bad Agent');
  });

  it('an approval that nobody has decided is cancelled, naming the agent at fault', () => {
    const run = startedRun(withTasks(planOf({ bad: [], ask: [], after: ['ask'] }), { ask: approvalNode() }));
    run.fault('bad', 'output_invalid');
    expect(statuses(run)).toEqual({ bad: 'failed', ask: 'cancelled', after: 'skipped' });
    expect(run.state.log.find(({ agentId }) => agentId === 'ask')).toMatchObject({
      status: 'error',
      fault: { code: 'cancelled', message: 'Cancelled because bad Agent failed' },
    });
    expect(run.decide('ask', true)).toEqual([]);
  });

  it('what is looked for in the cache is skipped, and what is found comes too late', () => {
    const run = startedRun(withTasks(planOf({ bad: [], kept: [] }), { kept: { cacheTtlMs: 1_000 } }));
    run.fault('bad', 'output_invalid');
    expect(run.task('kept').status).toBe('skipped');
    const found = { answer: answerOf({}), fromExecutionId: 'another' };
    expect(run.see({ type: 'looked_up', nodeId: 'kept', found })).toEqual([]);
    expect(run.task('kept').status).toBe('skipped');
  });

  it('nothing that is ready starts after an unavailable agent of the same moment', () => {
    const plan = withTasks(planOf({ gone: [], fine: [] }), { gone: { unavailable: 'agent_missing' } });
    const run = startedRun(plan);
    expect(statuses(run)).toEqual({ gone: 'failed', fine: 'skipped' });
  });
});

describe('under continue', () => {
  it('only dependents of what failed are skipped, and the rest is applied as partial', () => {
    const run = startedRun(planOf({ bad: [], afterBad: ['bad'], last: ['afterBad'], good: [] }, 'continue'));
    run.fault('bad', 'permission_denied');
    expect(statuses(run)).toEqual({ bad: 'failed', afterBad: 'skipped', last: 'skipped', good: 'running' });
    expect(run.answer('good')).toEqual([{ type: 'apply' }]);
    expect(run.state.outcome).toMatchObject({ succeeded: false, partial: true, reason: 'permission_denied' });
    run.see({ type: 'applied', summary: '' });
    expect(run.state.status).toBe('failed');
  });

  it('a task below two failures is skipped once, naming the first', () => {
    const run = startedRun(planOf({ one: [], two: [], join: ['one', 'two'] }, 'continue'));
    run.fault('two', 'output_invalid');
    run.fault('one', 'output_invalid');
    const skips = run.state.log.filter(({ status }) => status === 'skipped');
    expect(skips).toMatchObject([{ agentId: 'join', reasoning: 'Skipped because two Agent failed' }]);
  });

  it('a run in which no agent succeeded has nothing to apply, also when somebody approved something', () => {
    const plan = withTasks(planOf({ ask: [], bad: ['ask'] }, 'continue'), { ask: approvalNode() });
    const run = startedRun(plan);
    run.decide('ask', true);
    run.fault('bad', 'output_invalid');
    expect(run.state.outcome).toMatchObject({ succeeded: false, partial: false });
  });

  it('a retry and an approval under way go on', () => {
    const plan = withTasks(planOf({ bad: [], flaky: [], ask: [] }, 'continue'), { ask: approvalNode() });
    const run = startedRun(plan);
    run.fault('flaky', 'tool_error');
    run.fault('bad', 'output_invalid');
    expect(statuses(run)).toEqual({ bad: 'failed', flaky: 'retry_wait', ask: 'waiting_approval' });
  });
});

describe('a loss', () => {
  it('repeats unfinished attempts under the same number and nothing else', () => {
    const run = startedRun(planOf({ a: [], b: [], c: ['a'] }));
    run.answer('a');
    const again = readAgain(run);
    expectFolded(again);
    expect(again.see({ type: 'loaded' })).toEqual([
      { type: 'invoke', nodeId: 'b', attempt: 1, repeated: true },
      { type: 'invoke', nodeId: 'c', attempt: 1, repeated: true },
    ]);
    expect(again.journal).toEqual(run.journal);
  });

  it('does not repeat an attempt whose time is up meanwhile', () => {
    const run = startedRun(planOf({ only: [] }));
    run.nowMs += 300_000;
    const again = readAgain(run);
    const effects = again.see({ type: 'loaded' });
    expect(invoked(effects)).toEqual([]);
    expect(aborted(effects)).toEqual(['only']);
    expect(again.task('only')).toMatchObject({ status: 'retry_wait', fault: { code: 'attempt_timeout' } });
  });

  it('before the document was in place puts it in place', () => {
    const run = runOf(planOf(diamond));
    run.see({ type: 'loaded' });
    expect(readAgain(run).see({ type: 'loaded' })).toEqual([{ type: 'place_document' }]);
  });

  it('only ends what is being aborted, so that its end is heard of and it is not begun anew', () => {
    const run = startedRun(planOf({ only: [] }));
    run.cancel();
    const effects = readAgain(run).see({ type: 'loaded' });
    expect(effects).toEqual([{ type: 'invoke', nodeId: 'only', attempt: 1, repeated: true, unwanted: true }]);
  });

  it('after the end changes nothing', () => {
    const run = startedRun(planOf({ only: [] }));
    run.answer('only');
    run.see({ type: 'applied', summary: '' });
    expect(readAgain(run).see({ type: 'loaded' })).toEqual([]);
  });
});

describe('a re-run', () => {
  const reuse = (nodeId: string, seq: number): JournalEntry => ({
    seq,
    atMs: 1,
    event: { type: 'task_reused', nodeId, answer: answerOf({ answer: nodeId }), fromExecutionId: 'old' },
  });

  it('begins behind what it reuses, and logs that as cached instead of success', () => {
    const journal = [reuse('top', 1), reuse('left', 2)];
    const run = runOf(planOf(diamond), { journal });
    expect(run.state.status).toBe('pending');
    run.see({ type: 'loaded' });
    expect(invoked(run.see({ type: 'document_placed' }))).toEqual(['right']);
    expect(invoked(run.answer('right'))).toEqual(['join']);
    run.answer('join');
    expect(logged(run)).toEqual([
      ['top', 'cached'],
      ['left', 'cached'],
      ['right', 'success'],
      ['join', 'success'],
    ]);
    expect(run.state.outcome?.succeeded).toBe(true);
  });

  it('that reuses everything finishes as soon as it begins', () => {
    const run = runOf(planOf({ a: [], b: ['a'] }), { journal: [reuse('a', 1), reuse('b', 2)] });
    expect(run.see({ type: 'document_placed' })).toEqual([{ type: 'apply' }]);
    expect(run.state.status).toBe('finishing');
  });
});
