// What a re-run takes over and what it runs, for each mode, with the old versions and with the newest.
import { describe, expect, it } from '@jest/globals';
import { answerOf, runOf, startedRun, type TestRun } from './decide.for-test.ts';
import { checkRerun, planRerun, type RerunBasis, type RerunWish } from './rerun.ts';
import { approvalNode, planOf, type TaskChange, withTasks } from './run-plan.for-test.ts';
import type { RunPlan } from './run-plan.ts';

const graph = { a: [], b: [], afterA: ['a'], afterB: ['b'], join: ['afterA', 'afterB'] };
const failed: RerunWish = { mode: 'failed', from: '' };
const all: RerunWish = { mode: 'all', from: '' };
const from = (node: string): RerunWish => ({ mode: 'from', from: node });

/** A run of a plan in which all succeed but these. */
function endedRun(plan: RunPlan, failing: readonly string[] = []): TestRun {
  const run = startedRun(plan);
  for (let guard = 0; run.state.active.size > 0 && guard < 100; guard += 1) {
    const [task] = run.state.active;
    const nodeId = task?.planned.nodeId ?? '';
    if (task?.status === 'waiting_approval') run.decide(nodeId, !failing.includes(nodeId));
    else if (failing.includes(nodeId)) run.fault(nodeId, 'output_invalid');
    else run.answer(nodeId);
  }
  run.see({ type: 'applied', summary: '' });
  expect(run.state.endedMs).toBeDefined();
  return run;
}

function basisOf({ state }: TestRun, changes: Partial<RerunBasis> = {}): RerunBasis {
  return { executionId: 'old', state, plan: state.plan, inputChanged: false, ...changes };
}

function parts(wish: RerunWish, basis: RerunBasis) {
  const { reused, toRun } = planRerun(wish, basis);
  return { reused: reused.map(({ nodeId }) => nodeId), toRun };
}

describe('a re-run of what failed', () => {
  it('runs what failed, was skipped or was cancelled, and reuses the rest', () => {
    const basis = basisOf(endedRun(planOf(graph, 'continue'), ['afterA']));
    expect(parts(failed, basis)).toEqual({ reused: ['a', 'b', 'afterB'], toRun: ['afterA', 'join'] });
  });

  it('runs what a cancel left', () => {
    const run = startedRun(planOf(graph));
    run.answer('a');
    run.cancel();
    for (const nodeId of ['b', 'afterA']) run.fault(nodeId, 'cancelled');
    run.see({ type: 'applied', summary: '' });
    expect(parts(failed, basisOf(run))).toEqual({ reused: ['a'], toRun: ['b', 'afterA', 'afterB', 'join'] });
  });

  it('of a run in which all succeeded reuses everything', () => {
    expect(parts(failed, basisOf(endedRun(planOf(graph)))).toRun).toEqual([]);
  });

  it('reuses approvals that were given, and asks again what was refused', () => {
    const plan = withTasks(planOf({ yes: [], no: [], after: ['yes'] }, 'continue'), {
      yes: approvalNode(),
      no: approvalNode(),
    });
    const { reused, toRun } = planRerun(failed, basisOf(endedRun(plan, ['no'])));
    expect(reused).toMatchObject([
      { nodeId: 'yes', answer: { output: { approved: true } } },
      { nodeId: 'after' },
    ]);
    expect(toRun).toEqual(['no']);
  });
});

describe('a re-run from a task', () => {
  it('runs it and all that rests on it', () => {
    const basis = basisOf(endedRun(planOf(graph)));
    expect(parts(from('b'), basis)).toEqual({ reused: ['a', 'afterA'], toRun: ['b', 'afterB', 'join'] });
    expect(parts(from('join'), basis).toRun).toEqual(['join']);
  });

  it('takes the task by its task_id too', () => {
    const basis = basisOf(endedRun(planOf(graph)));
    expect(checkRerun(from('task_4'), basis)).toEqual([]);
    expect(parts(from('task_4'), basis).toRun).toEqual(['afterB', 'join']);
  });

  it('means the node where a node is called like the task_id of another', () => {
    const basis = basisOf(endedRun(planOf({ task_2: [], other: [] })));
    expect(parts(from('task_2'), basis).toRun).toEqual(['task_2']);
  });

  it('also runs what has no output elsewhere', () => {
    const basis = basisOf(endedRun(planOf(graph, 'continue'), ['a']));
    expect(parts(from('afterB'), basis)).toEqual({ reused: ['b'], toRun: ['a', 'afterA', 'afterB', 'join'] });
  });

  it('asks again for the approvals below it, and not for others', () => {
    const plan = withTasks(planOf({ a: [], b: [], askA: ['a'], askB: ['b'] }), {
      askA: approvalNode(),
      askB: approvalNode(),
    });
    expect(parts(from('a'), basisOf(endedRun(plan)))).toEqual({
      reused: ['b', 'askB'],
      toRun: ['a', 'askA'],
    });
  });
});

describe('a re-run of everything', () => {
  it('reuses nothing', () => {
    const basis = basisOf(endedRun(planOf(graph)));
    expect(parts(all, basis)).toEqual({ reused: [], toRun: Object.keys(graph) });
  });
});

describe('a re-run with the newest versions', () => {
  const old = endedRun(planOf(graph));
  const latest = (change: TaskChange, more: Record<string, readonly string[]> = {}) =>
    basisOf(old, { plan: withTasks(planOf({ ...graph, ...more }), { afterA: change }) });

  it('reuses all that is as it was', () => {
    const change = { agentName: 'Renamed', limits: { retriesMax: 9 }, cacheTtlMs: 5, implicit: true };
    expect(parts(failed, latest(change)).toRun).toEqual([]);
  });

  it.each<[string, TaskChange]>([
    ['is of another version', { agentVersion: 2 }],
    ['is another agent', { agentId: 'another' }],
    ['has another parent', { parents: ['a', 'b'] }],
    ['has lost a parent', { parents: [] }],
    ['is given other keys of the input', { inputKeys: ['question'] }],
    ['names categories by another model', { categoryModel: 'boston311' }],
    ['is gone', { agentVersion: 1, unavailable: 'agent_disabled' }],
    ['has become an approval', approvalNode()],
  ])('runs an agent that %s, and what rests on it', (_, change) => {
    expect(parts(failed, latest(change)).toRun).toEqual(['afterA', 'join']);
  });

  it('runs a new node and what it changes, and leaves out what is no longer there', () => {
    const plan = planOf({ a: [], b: [], extra: [], afterA: ['a'], join: ['afterA', 'extra'] });
    expect(parts(failed, basisOf(old, { plan }))).toEqual({
      reused: ['a', 'b', 'afterA'],
      toRun: ['extra', 'join'],
    });
  });

  it('runs everything where the job is given another input', () => {
    expect(parts(failed, basisOf(old, { inputChanged: true })).reused).toEqual([]);
  });

  it('asks again for an approval whose question has changed', () => {
    const plan = withTasks(planOf({ ask: [] }), { ask: approvalNode({ prompt: 'Old?' }) });
    const run = endedRun(plan);
    const change = (approval: TaskChange) => basisOf(run, { plan: withTasks(plan, { ask: approval }) });
    expect(parts(failed, change(approvalNode({ prompt: 'New?' }))).toRun).toEqual(['ask']);
    expect(parts(failed, change(approvalNode({ prompt: 'Old?', roles: ['admin'] }))).toRun).toEqual(['ask']);
    expect(parts(failed, change(approvalNode({ prompt: 'Old?', timeoutMs: 5 }))).toRun).toEqual([]);
  });
});

describe('the origin of what is reused', () => {
  it('is the execution that computed it first, over any number of re-runs and out of the cache', () => {
    const plan = withTasks(planOf({ a: [], kept: [], b: ['a'] }), { kept: { cacheTtlMs: 1_000 } });
    const first = startedRun(plan);
    first.answer('a');
    const found = { answer: answerOf({ answer: 'kept' }), fromExecutionId: 'much older' };
    first.see({ type: 'looked_up', nodeId: 'kept', found });
    first.fault('b', 'output_invalid');
    const once = planRerun(failed, basisOf(first, { executionId: 'first' })).reused;
    expect(once.map(({ fromExecutionId }) => fromExecutionId)).toEqual(['first', 'much older']);
    const journal = once.map((each, at) => ({
      seq: at + 1,
      atMs: 1,
      event: { type: 'task_reused' as const, ...each },
    }));
    const second = runOf(plan, { journal });
    second.see({ type: 'document_placed' });
    second.answer('b');
    const twice = planRerun(failed, basisOf(second, { executionId: 'second' })).reused;
    expect(twice.map(({ nodeId, fromExecutionId }) => [nodeId, fromExecutionId])).toEqual([
      ['a', 'first'],
      ['kept', 'much older'],
      ['b', 'second'],
    ]);
  });
});

describe('a wish', () => {
  const basis = basisOf(endedRun(planOf(graph)));

  it.each<[RerunWish, string]>([
    [from(''), 'is required'],
    [from('task_6'), 'names no task'],
    [from('nobody'), 'names no task'],
    [{ mode: 'all', from: 'a' }, 'is allowed with mode from only'],
    [{ mode: 'failed', from: 'a' }, 'is allowed with mode from only'],
  ])('%j is refused: %s', (wish, reason) => {
    expect(checkRerun(wish, basis)).toEqual([{ field: 'task_id', reason: expect.stringContaining(reason) }]);
  });

  it('that begins at what the newest playbook no longer has is refused', () => {
    const plan = planOf({ a: [], afterA: ['a'] });
    expect(checkRerun(from('task_2'), basisOf(endedRun(planOf(graph)), { plan }))).toEqual([
      { field: 'task_id', reason: expect.stringContaining('names b, which the newest version') },
    ]);
  });

  it('that names what is there is accepted', () => {
    for (const wish of [all, failed, from('a'), from('task_5')]) expect(checkRerun(wish, basis)).toEqual([]);
  });
});
