// What an execution does, observation by observation, and what holds over all of its possible courses.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runOf, type TestRun } from './decide.for-test.ts';
import type { Effect } from './decide.ts';
import { fold } from './evolve.ts';
import { initialState } from './execution-state.ts';
import { planOf } from './run-plan.for-test.ts';

const diamond = { top: [], left: ['top'], right: ['top'], join: ['left', 'right'] };

function started(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => (effect.type === 'invoke' ? [effect.nodeId] : []));
}

describe('decide', () => {
  it('places the document first and starts nothing before it is in place', () => {
    const run = runOf(planOf(diamond));
    expect(run.see({ type: 'loaded' })).toEqual([{ type: 'place_document' }]);
    expect(run.state.status).toBe('pending');
    expect(started(run.see({ type: 'document_placed' }))).toEqual(['top']);
  });

  it('starts a task as soon as its own parents have succeeded, whatever its siblings do', () => {
    const run = runOf(planOf({ a: [], b: [], afterA: ['a'], join: ['a', 'b'] }));
    run.see({ type: 'document_placed' });
    expect(started(run.answer('a'))).toEqual(['afterA']);
    expect(started(run.answer('b'))).toEqual(['join']);
  });

  it('runs at most ten tasks at the same time and starts the next when one ends', () => {
    const graph = Object.fromEntries(Array.from({ length: 15 }, (_, at) => [`n${at}`, []]));
    const run = runOf(planOf(graph));
    expect(started(run.see({ type: 'document_placed' }))).toHaveLength(10);
    expect(started(run.answer('n3'))).toEqual(['n10']);
  });

  it('ends completed once applied, and not before', () => {
    const run = runOf(planOf({ only: [] }));
    run.see({ type: 'document_placed' });
    expect(run.answer('only')).toEqual([{ type: 'apply' }]);
    expect(run.state.status).toBe('finishing');
    run.see({ type: 'applied' });
    expect(run.state.status).toBe('completed');
  });

  it('under fail_fast starts nothing more, lets what runs end, and skips the rest naming the agent at fault', () => {
    const run = runOf(planOf({ bad: [], slow: [], afterSlow: ['slow'] }));
    run.see({ type: 'document_placed' });
    run.fault('bad', 'output_invalid');
    expect(run.state.tasks.get('slow')?.status).toBe('running');
    expect(run.answer('slow')).toEqual([{ type: 'apply' }]);
    expect(run.state.log.map(({ agentId, status }) => [agentId, status])).toEqual([
      ['bad', 'error'],
      ['afterSlow', 'skipped'],
      ['slow', 'success'],
    ]);
    expect(run.state.log[1]?.reasoning).toContain('bad Agent');
    expect(run.state.outcome).toMatchObject({ succeeded: false, partial: false, reason: 'output_invalid' });
  });

  it('under continue skips only dependents of what failed and applies the rest as partial', () => {
    const run = runOf(planOf({ bad: [], afterBad: ['bad'], last: ['afterBad'], good: [] }, 'continue'));
    run.see({ type: 'document_placed' });
    run.fault('bad', 'permission_denied');
    run.answer('good');
    expect(run.state.tasks.get('last')?.status).toBe('skipped');
    expect(run.state.outcome).toMatchObject({ succeeded: false, partial: true });
    run.see({ type: 'applied' });
    expect(run.state.status).toBe('failed');
  });

  it('tries a passing fault again after a wait, three times, and then fails with it', () => {
    const run = runOf(planOf({ only: [] }));
    run.see({ type: 'document_placed' });
    for (const attempt of [1, 2, 3]) {
      const [effect] = run.fault('only', 'dependency_unavailable');
      expect(effect).toMatchObject({ type: 'wake_for_retry', nodeId: 'only' });
      expect(started(run.see({ type: 'retry_due', nodeId: 'only' }))).toEqual(['only']);
      expect(run.state.tasks.get('only')?.attempt).toBe(attempt + 1);
    }
    run.fault('only', 'dependency_unavailable');
    expect(run.state.outcome).toMatchObject({ succeeded: false, reason: 'dependency_unavailable' });
  });

  it('lets a retry that falls due in a full run wait for a place', () => {
    const graph = Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`n${at}`, []]));
    const run = runOf(planOf(graph));
    run.see({ type: 'document_placed' });
    run.fault('n0', 'tool_error');
    const [again] = run.see({ type: 'retry_due', nodeId: 'n0' });
    expect(again).toMatchObject({ type: 'wake_for_retry', nodeId: 'n0' });
    run.answer('n1');
    expect(started(run.see({ type: 'retry_due', nodeId: 'n0' }))).toEqual(['n0']);
  });

  it('refuses an output with a key that the schema does not name, and never calls that a success', () => {
    const run = runOf(planOf({ only: [] }));
    run.see({ type: 'document_placed' });
    run.answer('only', { answer: 'x', secret: 'y' });
    expect(run.state.tasks.get('only')).toMatchObject({
      status: 'failed',
      fault: { code: 'output_invalid' },
    });
  });

  it('refuses an output over 64 KB', () => {
    const run = runOf(planOf({ only: [] }));
    run.see({ type: 'document_placed' });
    run.answer('only', { answer: 'x'.repeat(64 * 1024) });
    expect(run.state.tasks.get('only')?.fault?.code).toBe('output_too_large');
  });

  it('ignores the late answer of an attempt that was replaced', () => {
    const run = runOf(planOf({ only: [] }));
    run.see({ type: 'document_placed' });
    run.fault('only', 'attempt_timeout');
    run.see({ type: 'retry_due', nodeId: 'only' });
    const answer = {
      output: {},
      reasoning: '',
      confidence: 1,
      references: [],
      spans: {},
      runtime: 'builtin',
    };
    expect(run.see({ type: 'answered', nodeId: 'only', attempt: 1, answer, durationMs: 1 })).toEqual([]);
    expect(run.state.tasks.get('only')?.status).toBe('running');
  });

  it('aborts what runs and skips what waits when the time for the run is up', () => {
    const run = runOf(planOf(diamond));
    run.see({ type: 'document_placed' });
    expect(run.see({ type: 'deadline' })).toEqual([{ type: 'abort', nodeId: 'top' }, { type: 'apply' }]);
    expect(run.state.outcome).toMatchObject({ succeeded: false, reason: 'deadline' });
  });

  it('fails a task whose agent was disabled since the plan was saved, without invoking it', () => {
    const plan = planOf({ gone: [], after: ['gone'] });
    const tasks = plan.tasks.map((task) =>
      task.nodeId === 'gone' ? { ...task, unavailable: 'agent_disabled' } : task,
    );
    const run = runOf({ ...plan, tasks });
    expect(started(run.see({ type: 'document_placed' }))).toEqual([]);
    expect(run.state.outcome).toMatchObject({ succeeded: false, reason: 'agent_disabled' });
  });

  it('ends failed when the document was refused, without having started', () => {
    const run = runOf(planOf(diamond));
    const fault = { code: 'dependency_unavailable', message: 'no store' };
    expect(run.see({ type: 'document_refused', fault })).toEqual([{ type: 'apply' }]);
    run.see({ type: 'applied' });
    expect(run.state).toMatchObject({ status: 'failed', outcome: { error: 'no store' } });
  });

  it('turns a success that cannot be written into a failure, and gives up a failure that cannot be written', () => {
    const run = runOf(planOf({ only: [] }));
    run.see({ type: 'document_placed' });
    run.answer('only');
    const fault = { code: 'output_too_large', message: 'too large' };
    expect(run.see({ type: 'outcome_refused', fault })).toEqual([{ type: 'apply' }]);
    expect(run.state.outcome).toMatchObject({ succeeded: false, reason: 'output_too_large' });
    expect(run.see({ type: 'outcome_refused', fault })).toEqual([]);
    expect(run.state.status).toBe('failed');
  });

  it('logs an output handed to a second dependent as cached', () => {
    const run = runOf(planOf(diamond));
    run.see({ type: 'document_placed' });
    run.answer('top');
    const cached = run.state.log.filter(({ status }) => status === 'cached');
    expect(cached).toMatchObject([{ agentId: 'top', handedTo: 'right' }]);
  });

  it('after a loss repeats unfinished attempts under the same number and nothing else', () => {
    const run = runOf(planOf({ a: [], b: [], c: ['a'] }));
    run.see({ type: 'document_placed' });
    run.answer('a');
    const reloaded = runOf(run.state.plan);
    reloaded.state = fold(initialState(run.state.plan), run.journal);
    expect(reloaded.state).toEqual(run.state);
    const effects = reloaded.see({ type: 'loaded' });
    expect(effects.filter(({ type }) => type === 'invoke')).toEqual([
      { type: 'invoke', nodeId: 'b', attempt: 1 },
      { type: 'invoke', nodeId: 'c', attempt: 1 },
    ]);
  });
});

// Performs effects in an order and with ends that the numbers choose, until nothing is left to do.
function runToItsEnd(
  run: TestRun,
  ends: readonly string[],
  pick: number,
  onInvoke: (nodeId: string) => void,
): void {
  const perform = (effect: Effect, step: number): readonly Effect[] => {
    if (effect.type === 'place_document') return run.see({ type: 'document_placed' });
    if (effect.type === 'apply') return run.see({ type: 'applied' });
    if (effect.type === 'wake_for_retry') return run.see({ type: 'retry_due', nodeId: effect.nodeId });
    if (effect.type !== 'invoke') return [];
    onInvoke(effect.nodeId);
    const end = ends[step % ends.length] ?? 'answer';
    return end === 'answer' ? run.answer(effect.nodeId) : run.fault(effect.nodeId, end);
  };
  const todo: Effect[] = [...run.see({ type: 'loaded' })];
  for (let step = 0; todo.length > 0 && step < 2_000; step += 1) {
    for (const effect of todo.splice((pick + step) % todo.length, 1)) todo.push(...perform(effect, step));
  }
}

describe('every course of every run', () => {
  const graphs = fc
    .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 20 })
    .map((rows) =>
      Object.fromEntries(
        rows.map((parents, at) => [
          `n${at}`,
          at === 0 ? [] : [...new Set(parents.map((each) => `n${each % at}`))],
        ]),
      ),
    );
  const outcomes = fc.array(
    fc.constantFrom('answer', 'answer', 'answer', 'dependency_unavailable', 'output_invalid'),
    {
      minLength: 60,
      maxLength: 60,
    },
  );

  it('ends every task once, uses no output before it was recorded, and agrees with its log', () => {
    fc.assert(
      fc.property(
        graphs,
        outcomes,
        fc.constantFrom('fail_fast' as const, 'continue' as const),
        fc.nat(),
        (graph, ends, policy, pick) => {
          const run = runOf(planOf(graph, policy));
          runToItsEnd(run, ends, pick, (nodeId) => {
            const unfinished = (graph[nodeId] ?? []).filter(
              (parent) => run.state.tasks.get(parent)?.status !== 'succeeded',
            );
            expect(unfinished).toEqual([]);
          });
          expect(['completed', 'failed']).toContain(run.state.status);
          const ended = run.state.log
            .filter(({ status }) => status !== 'cached')
            .map(({ agentId }) => agentId);
          expect([...ended].sort()).toEqual(Object.keys(graph).sort());
          const allSucceeded = [...run.state.tasks.values()].every(({ status }) => status === 'succeeded');
          expect(run.state.status === 'completed').toBe(allSucceeded);
        },
      ),
      { numRuns: 500 },
    );
  });
});
