// The judge of journals must see what is wrong: journals that break one rule each.
import { describe, expect, it } from '@jest/globals';
import type { JournalEntry, JournalEvent } from '../../services/orchestrator/core/journal-event.ts';
import { approvalNode, planOf, withTasks } from '../../services/orchestrator/core/run-plan.for-test.ts';
import type { RunPlan } from '../../services/orchestrator/core/run-plan.ts';
import { createRunView } from './journal-view.ts';
import { look } from './run-view.ts';

const chain = planOf({ a: [], b: ['a'], c: [] });
const answer = { output: {}, reasoning: '', confidence: 1, references: [], spans: {}, runtime: 'builtin' };
const fault = { code: 'output_invalid', message: 'wrong' };

const started: JournalEvent = { type: 'started' };
const start = (nodeId: string, attempt = 1): JournalEvent => ({ type: 'task_started', nodeId, attempt });
const succeed = (nodeId: string, attempt = 1): JournalEvent => ({
  ...{ type: 'task_succeeded', nodeId, attempt, answer, durationMs: 1 },
});
const fail = (nodeId: string, attempt = 1): JournalEvent => ({
  ...{ type: 'task_failed', nodeId, attempt, fault, durationMs: 1 },
});

/** What is wrong with a journal of these events: the first thing. */
function wrongWith(events: readonly JournalEvent[], plan: RunPlan = chain): string | undefined {
  const entries = events.map((event, at) => ({ seq: at + 1, atMs: at, event }));
  return wrongIn(entries, plan);
}

function wrongIn(entries: readonly JournalEntry[], plan: RunPlan = chain): string | undefined {
  const view = createRunView(plan);
  for (const entry of entries) {
    const wrong = look(view, entry);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

describe('the judge of journals', () => {
  it('finds nothing in a run that goes well', () => {
    const outcome = { succeeded: true, partial: false, reason: '', error: '' };
    const tasks = [start('a'), start('c'), succeed('a'), start('b'), succeed('c'), succeed('b')];
    const end: JournalEvent[] = [
      { type: 'finishing', outcome },
      { type: 'effects_planned', prepared: {} },
      { type: 'ended', status: 'completed', summary: '' },
    ];
    expect(wrongWith([started, ...tasks, ...end])).toBeUndefined();
  });

  it('finds a gap, an overlap and a clock that goes back', () => {
    const first = { seq: 1, atMs: 5, event: started };
    expect(wrongIn([first, { seq: 3, atMs: 6, event: start('a') }])).toContain('gap');
    expect(wrongIn([first, { seq: 1, atMs: 6, event: start('a') }])).toContain('overlap');
    expect(wrongIn([first, { seq: 2, atMs: 4, event: start('a') }])).toContain('older');
  });

  it('finds an output that is used before it is recorded', () => {
    expect(wrongWith([started, start('a'), start('b')])).toContain('a has no recorded output');
  });

  it('finds a task that ends twice, and one that runs twice', () => {
    expect(wrongWith([started, start('a'), succeed('a'), fail('a')])).toContain('has ended as succeeded');
    expect(wrongWith([started, start('a'), start('a', 2)])).toContain('runs already');
  });

  it('finds what starts after a failure under fail_fast, and nothing wrong with it under continue', () => {
    const events = [started, start('c'), fail('c'), start('a')];
    expect(wrongWith(events)).toContain('a task has failed before');
    expect(wrongWith(events, { ...chain, failurePolicy: 'continue' })).toBeUndefined();
  });

  it('finds a skipped task whose parents have not failed', () => {
    const skipped: JournalEvent = { type: 'task_skipped', nodeId: 'b', because: 'no reason' };
    const events = [started, start('c'), fail('c'), skipped];
    expect(wrongWith(events)).toBeUndefined();
    expect(wrongWith(events, { ...chain, failurePolicy: 'continue' })).toContain('none of its parents');
  });

  it('finds a command that takes effect twice', () => {
    const paused: JournalEvent = { type: 'paused', by: 'somebody' };
    const resumed: JournalEvent = { type: 'resumed', by: 'somebody' };
    expect(wrongWith([started, paused, resumed, paused])).toContain('took effect twice');
  });

  it('finds an approval that is decided twice', () => {
    const plan = withTasks(planOf({ a: [] }), { a: approvalNode() });
    const requested: JournalEvent = { type: 'approval_requested', nodeId: 'a', expiresMs: 1_000 };
    const decided = (by: string): JournalEvent => ({
      ...{ type: 'approval_decided', nodeId: 'a', approved: true, by, comment: '' },
    });
    expect(wrongWith([started, requested, decided('one'), succeed('a', 0)], plan)).toBeUndefined();
    expect(wrongWith([started, requested, decided('one'), decided('other')], plan)).toContain('decided once');
  });

  it('finds more than 10 running tasks', () => {
    const names = Array.from({ length: 11 }, (_, at) => `t${at}`);
    const plan = planOf(Object.fromEntries(names.map((name) => [name, []])));
    expect(wrongWith([started, ...names.map((name) => start(name))], plan)).toContain('more than 10');
  });

  it('finds an end that is not that of the outcome', () => {
    const outcome = { succeeded: false, partial: false, reason: 'output_invalid', error: 'wrong' };
    const plan = planOf({ a: [] });
    const events: JournalEvent[] = [started, start('a'), fail('a'), { type: 'finishing', outcome }];
    expect(wrongWith([...events, { type: 'ended', status: 'failed', summary: '' }], plan)).toBeUndefined();
    expect(wrongWith([...events, { type: 'ended', status: 'completed', summary: '' }], plan)).toContain(
      'ends failed',
    );
  });
});
