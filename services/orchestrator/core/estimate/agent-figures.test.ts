// What tasks of an agent are going to use and take, by what is known of it, and how long recorded ones have taken.
import { describe, expect, it } from '@jest/globals';
import type { JournalEvent } from '../journal-event.ts';
import { planOf, withTasks } from '../run-plan.for-test.ts';
import { type AgentFacts, type Quote, quotedPrice, taskSeconds, taskUses } from './agent-figures.ts';
import { inputSize } from './input-size.ts';
import { decimalOf, nanosOf } from './money.ts';
import { type TaskTime, taskTimes } from './task-times.ts';

const price = quotedPrice({ currency: 'EUR', inputPerMillion: '1', outputPerMillion: '2.5' });
const quote: Quote = {
  ...{
    runtime: 'model',
    model: 'any/small',
    instructionTokens: 100,
    outputTokensMax: 1_000,
    price,
    problem: '',
  },
};
const facts: AgentFacts = {
  ...{ agentId: 'a', version: 2, quote, times: [] },
  history: { version: 0, tasks: [], models: [] },
  input: { tokens: 50, isAssumed: false },
};
const time = (changes: Partial<TaskTime>): TaskTime => ({
  ...{ agentId: 'a', agentVersion: 2, runtime: 'any/small', durationMs: 1_000, atMs: 5 },
  ...changes,
});

describe('what a task uses', () => {
  it.each(['builtin', 'offline', 'worker'] as const)('on %s is no call', (runtime) => {
    const { samples, basis } = taskUses({ ...facts, quote: { ...quote, runtime } });
    expect(samples).toEqual([{ calls: 0, inputTokens: 0, outputTokens: 0 }]);
    expect(basis.kind).toBe('builtin');
  });

  it('is what was recorded where anything was', () => {
    const tasks = [{ calls: 2, inputTokens: 30, outputTokens: 4, money: { currency: 'EUR', nanos: 7 } }];
    const history = { version: 1, tasks, fromMs: 3, toMs: 4, models: ['any/large'] };
    const { samples, records, basis } = taskUses({ ...facts, history });
    expect([samples, records]).toEqual([tasks, 1]);
    expect(basis).toEqual({
      ...{
        kind: 'history',
        tasks: 1,
        version: 1,
        fromMs: 3,
        toMs: 4,
        calls: 2,
        models: ['any/large'],
        text: '',
      },
    });
  });

  it('is else one call by prompt, input, limit and price, all tasks taken to be alike', () => {
    const { samples = [], records, basis } = taskUses(facts);
    expect(records).toBe(1);
    expect(basis).toMatchObject({ kind: 'configuration', models: ['any/small'] });
    for (const { calls, inputTokens, outputTokens, money } of samples) {
      expect([calls, inputTokens]).toEqual([1, 150]);
      expect(outputTokens).toBeLessThan(1_000);
      expect(money).toEqual({ currency: 'EUR', nanos: 150 * 1_000 + outputTokens * 2_500 });
    }
  });

  it('has no money without a price, is nothing where the agent cannot run, and says so', () => {
    const { price: _, ...free } = quote;
    const unpriced = taskUses({ ...facts, quote: free, input: { tokens: 9, isAssumed: true } });
    expect(unpriced.samples?.every(({ money }) => money === undefined)).toBe(true);
    expect(unpriced.basis.text).toMatch(/9 tokens: give a sample.*any\/small is not known: MODEL_PRICES/);
    const problem = 'No model provider is configured';
    const none = taskUses({ ...facts, quote: { ...quote, runtime: 'none', problem } });
    expect([none.samples, none.basis.kind, none.basis.text]).toEqual([undefined, 'none', problem]);
  });
});

describe('how long a task takes', () => {
  it('is how long those of its version and runtime have taken', () => {
    const times = [
      time({ atMs: 9 }),
      time({ durationMs: 3_000 }),
      time({ agentVersion: 1, durationMs: 9_000 }),
      time({ runtime: 'builtin', durationMs: 1 }),
      time({ runtime: 'worker:w1', durationMs: 1 }),
    ];
    const { samples, records, basis } = taskSeconds({ ...facts, times });
    expect([samples, records]).toEqual([[1, 3], 2]);
    expect(basis).toMatchObject({ kind: 'history', tasks: 2, version: 2, fromMs: 5, toMs: 9 });
  });

  it('is else that of the newest version that has run, and else not known', () => {
    const older = [1, 3].map((agentVersion) => time({ agentVersion, durationMs: agentVersion * 1_000 }));
    const { samples, basis } = taskSeconds({ ...facts, times: older });
    expect([samples, basis.version]).toEqual([[3], 3]);
    expect(taskSeconds(facts)).toMatchObject({ samples: undefined, basis: { kind: 'none' } });
  });
});

describe('times of a recorded run', () => {
  const plan = withTasks(planOf({ x: [], y: [] }), { x: { agentId: 'a', agentVersion: 4 } });
  const answer = {
    ...{ output: {}, reasoning: '', confidence: 1, references: [], spans: {} },
    runtime: 'builtin',
  };
  const fault = { code: 'model_error', message: '' };
  const started = (nodeId: string, attempt = 1): JournalEvent => ({ type: 'task_started', nodeId, attempt });
  const succeeded = (nodeId: string, attempt: number): JournalEvent => ({
    ...{ type: 'task_succeeded', nodeId, attempt, answer, durationMs: 1 },
  });
  const journal = (...events: [number, JournalEvent][]) =>
    events.map(([atMs, event], at) => ({ seq: at + 1, atMs, event }));
  const retry: JournalEvent = {
    ...{ type: 'retry_scheduled', nodeId: 'x', attempt: 1, fault, durationMs: 1, dueMs: 1, counts: true },
  };

  it('are from the first attempt to the end of the last, under the agent that the plan pinned', () => {
    const events = journal([10, started('x')], [20, retry], [50, started('x', 2)], [70, succeeded('x', 2)]);
    expect(taskTimes(plan, events)).toEqual([
      { agentId: 'a', agentVersion: 4, runtime: 'builtin', durationMs: 60, atMs: 70 },
    ]);
  });

  it('are what the worker took where one did it, whenever that became known', () => {
    const given: JournalEvent = {
      ...{ type: 'task_started', nodeId: 'x', attempt: 1 },
      startedMs: 10,
      workerId: 'w',
    };
    expect(taskTimes(plan, journal([70, given], [70, succeeded('x', 1)]))).toMatchObject([
      { durationMs: 60 },
    ]);
  });

  it('are none of what was cached, failed, or paused by people', () => {
    const failed: JournalEvent = { type: 'task_failed', nodeId: 'y', attempt: 1, fault, durationMs: 9 };
    expect(taskTimes(plan, journal([1, succeeded('x', 0)], [2, started('y')], [3, failed]))).toEqual([]);
    const paused: JournalEvent = { type: 'paused', by: 'someone' };
    expect(taskTimes(plan, journal([1, started('x')], [2, paused], [9, succeeded('x', 1)]))).toEqual([]);
  });
});

describe('sizes and money', () => {
  it('are those of the sample, else of what was recorded, else assumed', () => {
    expect(inputSize(['äöü', 'abcdef'], [9_999])).toEqual({ tokens: 52, isAssumed: false });
    expect(inputSize([], [400, 800])).toEqual({ tokens: 150, isAssumed: false });
    expect(inputSize([], [])).toEqual({ tokens: 500, isAssumed: true });
  });

  it('are text with at most nine digits after the point', () => {
    expect([0, 1, 1.5e9, 12_000_000_000, 1.4].map(decimalOf)).toEqual([
      '0',
      '0.000000001',
      '1.5',
      '12',
      '0.000000001',
    ]);
    expect([nanosOf('2.5'), nanosOf('')]).toEqual([2.5e9, Number.NaN]);
  });
});
