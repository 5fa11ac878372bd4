// What the journal makes of a state: the log with all of its fields (SPEC S6.7, E5.4, E5.5), and that entries follow each other.
import { describe, expect, it } from '@jest/globals';
import { answerOf, logged, runOf, startedRun, startMs } from './decide.for-test.ts';
import { evolve } from './evolve.ts';
import { initialState } from './execution-state.ts';
import { cacheStats } from './log-entry.ts';
import { approvalNode, planOf, withTasks } from './run-plan.for-test.ts';
import { agentsIn } from './run-plan.ts';

describe('the fold', () => {
  it('refuses an entry that does not follow the last one', () => {
    const state = initialState(planOf({ only: [] }));
    const entry = { atMs: 1, event: { type: 'started' as const } };
    expect(() => evolve(state, { ...entry, seq: 2 })).toThrow('2 does not follow 0');
    evolve(state, { ...entry, seq: 1 });
    expect(() => evolve(state, { ...entry, seq: 1 })).toThrow('1 does not follow 1');
  });

  it('refuses an entry of a task that the plan does not have', () => {
    const event = { type: 'task_started' as const, nodeId: 'nobody', attempt: 1 };
    expect(() => evolve(initialState(planOf({ only: [] })), { seq: 1, atMs: 1, event })).toThrow(
      'no task nobody',
    );
  });
});

const agent = (nodeId: string, place: number) => ({
  agentId: nodeId,
  agentName: `${nodeId} Agent`,
  agentVersion: 1,
  taskId: `task_${place}`,
});

describe('the log', () => {
  it('shows of a success what the agent said and how long it took', () => {
    const run = startedRun(planOf({ only: [] }));
    run.nowMs += 5;
    run.answer('only', { answer: 1 }, { reasoning: 'I read it', confidence: 0.4, runtime: 'model-x' });
    expect(run.state.log).toEqual([
      {
        ...agent('only', 1),
        status: 'success',
        atMs: startMs + 5,
        reasoning: 'I read it',
        output: { answer: 1 },
        executionTimeMs: 5,
        attempt: 1,
        confidence: 0.4,
        runtime: 'model-x',
      },
    ]);
  });

  it('shows of an error its code and sentence, and of a skip who failed', () => {
    const run = startedRun(planOf({ bad: [], below: ['bad'] }));
    run.fault('bad', 'permission_denied');
    const fault = { code: 'permission_denied', message: 'permission_denied happened' };
    const nothing = { reasoning: '', output: null, atMs: startMs };
    expect(run.state.log).toEqual([
      { ...nothing, ...agent('bad', 1), status: 'error', executionTimeMs: 7, attempt: 1, fault },
      {
        ...nothing,
        ...agent('below', 2),
        status: 'skipped',
        reasoning: 'Skipped because bad Agent failed',
        executionTimeMs: 0,
        attempt: 0,
      },
    ]);
  });

  it('shows each further hand-over of an output as cached, when it happens', () => {
    const run = startedRun(planOf({ top: [], one: ['top'], two: ['top'], join: ['top', 'one', 'two'] }));
    run.fault('top', 'tool_error');
    run.pass(1_000);
    run.answer('top', { answer: 'x' }, { confidence: 0.4, runtime: 'model-x' });
    run.answer('one');
    run.answer('two');
    expect(logged(run)).toEqual([
      ['top', 'success'],
      ['top', 'cached'],
      ['one', 'success'],
      ['two', 'success'],
      ['top', 'cached'],
    ]);
    expect(run.state.log[1]).toEqual({
      ...agent('top', 1),
      status: 'cached',
      atMs: startMs + 1_000,
      reasoning: 'The output came from the cache of this run, which handed it to two',
      output: { answer: 'x' },
      executionTimeMs: 0,
      attempt: 0,
      confidence: 0.4,
      runtime: 'model-x',
      cache: { source: 'run', handedTo: 'two' },
    });
    expect(run.state.log[4]?.cache).toEqual({ source: 'run', handedTo: 'join' });
  });

  it('counts what the present attempt has told, anew when it begins anew', () => {
    const run = startedRun(planOf({ a: [] }));
    const told = () => [run.task('a').toolsTold, run.task('a').isUncertain];
    const call = { type: 'tool_called', nodeId: 'a', attempt: 1, toolName: 'search' } as const;
    run.see(call);
    run.see(call);
    expect(told()).toEqual([2, false]);
    run.see({ type: 'attempt_uncertain', nodeId: 'a', attempt: 1 });
    expect(told()).toEqual([0, true]);
    run.see(call);
    run.fault('a', 'tool_error');
    run.pass(60_000);
    expect([run.task('a').attempt, ...told()]).toEqual([2, 0, false]);
  });

  it('shows no second hand-over when a task is tried again', () => {
    const run = startedRun(planOf({ top: [], one: ['top'], two: ['top'] }));
    run.answer('top');
    run.fault('two', 'tool_error');
    run.pass(1_000);
    expect(logged(run).filter(([, status]) => status === 'cached')).toHaveLength(1);
  });

  it('shows what another run computed once, and not as handed on by this one', () => {
    const run = startedRun(
      withTasks(planOf({ top: [], one: ['top'], two: ['top'] }), { top: { cacheTtlMs: 1_000 } }),
    );
    const found = { answer: answerOf({ answer: 'x' }), fromExecutionId: 'another' };
    run.see({ type: 'looked_up', nodeId: 'top', found });
    expect(run.state.counts.running).toBe(2);
    expect(run.state.log.map(({ cache, reasoning }) => [cache?.source, reasoning])).toEqual([
      ['cross_run', expect.stringContaining('came from the cache')],
    ]);
  });

  it('shows what a re-run reuses with the execution that computed it', () => {
    const answer = answerOf({ answer: 'x' });
    const event = { type: 'task_reused', nodeId: 'a', answer, fromExecutionId: 'old' } as const;
    const run = runOf(planOf({ a: [], b: ['a'] }), { journal: [{ seq: 1, atMs: 7, event }] });
    expect(run.state.log).toEqual([
      {
        ...agent('a', 1),
        status: 'cached',
        atMs: 7,
        reasoning: 'The output came from the cache: it was reused from an earlier run of this job',
        output: { answer: 'x' },
        executionTimeMs: 0,
        attempt: 0,
        confidence: 0.8,
        runtime: 'builtin',
        cache: { source: 'rerun', fromExecutionId: 'old' },
      },
    ]);
    expect(run.task('b').status).toBe('ready');
  });
});

describe('cache stats', () => {
  it('count agents with a cached entry, agents that were invoked and agents of the plan, once each', () => {
    const graph = { gone: [], top: [], one: ['top'], two: ['top'], kept: [], ask: [], never: ['gone'] };
    const plan = withTasks(planOf(graph, 'continue'), {
      gone: { unavailable: 'agent_missing' },
      kept: { cacheTtlMs: 1_000 },
      ask: approvalNode(),
    });
    const run = startedRun(plan);
    run.see({ type: 'looked_up', nodeId: 'kept', found: { answer: answerOf({}), fromExecutionId: 'x' } });
    run.decide('ask', false);
    run.answer('top');
    run.answer('one');
    run.fault('two', 'output_invalid');
    expect(run.state.status).toBe('finishing');
    expect(cacheStats(run.state.log, agentsIn(plan))).toEqual({
      cachedAgents: 2,
      executedAgents: 3,
      totalAgents: 6,
    });
  });

  it('count an agent in two places of the plan once', () => {
    const plan = withTasks(planOf({ a: [], b: [] }), { b: { agentId: 'a' } });
    expect(agentsIn(plan)).toBe(1);
  });
});
