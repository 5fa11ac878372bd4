// Estimates of plans from samples of their agents: sums, longest paths, and what nobody can say.
import { describe, expect, it } from '@jest/globals';
import { approvalNode, planOf, withTasks } from '../run-plan.for-test.ts';
import type { RunPlan } from '../run-plan.ts';
import type { Basis, Sampled, TaskUse } from './agent-figures.ts';
import { budgetWarnings } from './budget-warnings.ts';
import { type Estimate, estimateRuns, type TaskFigures } from './estimate.ts';
import { planWarnings } from './plan-warnings.ts';

const basis: Basis = { kind: 'history', tasks: 9, version: 1, calls: 9, models: [], text: 'because' };
const sampled = <T>(samples: readonly T[] | undefined): Sampled<T> => ({ samples, records: 9, basis });
const use = (calls: number, nanos?: number): TaskUse => ({
  ...{ calls, inputTokens: calls * 100, outputTokens: calls * 10 },
  ...(nanos === undefined ? {} : { money: { currency: 'EUR', nanos } }),
});
const figures = (
  uses: readonly TaskUse[] | undefined,
  seconds: readonly number[] | undefined,
): TaskFigures => ({
  uses: sampled(uses),
  seconds: sampled(seconds),
});
const always = (value: number) => ({ p10: value, p50: value, p90: value });

function estimate(plan: RunPlan, of: Record<string, TaskFigures>, count = 10, concurrency = 2): Estimate {
  const asked = { plan, figures: new Map(Object.entries(of)), count, concurrency, seed: 'seed' };
  const steps = estimateRuns(asked);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

describe('an estimate', () => {
  it('adds up what tasks use, and follows the longest path', () => {
    const plan = planOf({ a: [], b: ['a'], c: ['a'], d: ['b', 'c'] });
    const { perRun, whole, agents } = estimate(plan, {
      a: figures([use(0)], [1]),
      b: figures([use(2, 30)], [5]),
      c: figures([use(1, 10)], [2]),
      d: figures([use(1, 10)], [3]),
    });
    expect(perRun).toEqual({
      ...{ calls: always(4), inputTokens: always(400), outputTokens: always(40) },
      ...{ money: new Map([['EUR', always(50)]]), isMoneyKnown: true, seconds: always(9) },
    });
    expect(whole).toMatchObject({
      calls: always(40),
      money: new Map([['EUR', always(500)]]),
      seconds: always(45),
    });
    expect(agents.get('b')).toMatchObject({
      perRun: { calls: always(2), seconds: always(5) },
      whole: { calls: always(20), seconds: always(50) },
    });
  });

  it('counts an agent in two places twice, and waits for no person', () => {
    const twice = withTasks(planOf({ a: [], wait: ['a'], again: ['wait'] }), {
      wait: { approval: approvalNode().approval },
      again: { agentId: 'a' },
    });
    const { perRun, agents } = estimate(twice, { a: figures([use(1, 5)], [2]) });
    expect(perRun).toMatchObject({ calls: always(2), seconds: always(4) });
    expect(agents.get('a')?.perRun).toMatchObject({ calls: always(2), seconds: always(4) });
  });

  it('spreads over a run as its samples do, and less over many', () => {
    const samples = Array.from({ length: 21 }, (_, at) => use(1, at * 1_000));
    const { perRun, whole } = estimate(planOf({ a: [] }), { a: figures(samples, [1]) }, 100_000);
    expect(perRun.money.get('EUR')).toEqual({ p10: 2_000, p50: 10_000, p90: 18_000 });
    const { p10 = 0, p90 = 0 } = whole.money.get('EUR') ?? {};
    expect(p10 / 100_000).toBeGreaterThan(5_000);
    expect(p90 / 100_000).toBeLessThan(15_000);
    expect(p90).toBeGreaterThan(p10);
  });

  it('says nothing of sums of which a part is not known', () => {
    const plan = planOf({ a: [], b: [] });
    const none = estimate(plan, { a: figures([use(1, 5)], [1]), b: figures(undefined, undefined) });
    expect(none.whole).toEqual({ money: new Map(), isMoneyKnown: false });
    expect(none.agents.get('a')?.whole).toMatchObject({ calls: always(10), seconds: always(10) });
    const priceless = estimate(plan, { a: figures([use(1, 5)], [1]), b: figures([use(1)], [1]) });
    expect(priceless.whole).toMatchObject({ calls: always(20), isMoneyKnown: false });
    expect(priceless.whole.money.get('EUR')).toEqual(always(50));
  });

  it('is the same for the same seed', () => {
    const of = { a: figures([use(1, 1), use(2, 7), use(9, 9)], [1, 5, 9]) };
    expect(estimate(planOf({ a: [] }), of)).toEqual(estimate(planOf({ a: [] }), of));
  });
});

describe('warnings', () => {
  const both = (p50: number, p90: number) => {
    const all = {
      ...{ calls: always(1), money: new Map([['EUR', { p10: 0, p50, p90 }]]), isMoneyKnown: true },
    };
    return { perRun: all, whole: all };
  };
  const budget = { scope: 'domain', currency: 'EUR', soft: undefined, hard: 100, spent: 40 } as const;

  it.each([
    [50, 60, undefined],
    [50, 61, 'not unlikely to'],
    [61, 70, 'likely to'],
  ])('of a median of %i and a 90th percentile of %i against 60 that are left: %s', (p50, p90, words) => {
    const [warning] = budgetWarnings([budget], both(p50, p90));
    if (words === undefined) expect(warning).toBeUndefined();
    else expect(warning?.text).toContain(`The domain in this month is ${words} spend more`);
  });

  it('hold a run to its own budget, and each currency to budgets in it', () => {
    const estimated = { ...both(50, 200), perRun: both(1, 1).perRun };
    expect(budgetWarnings([{ ...budget, scope: 'run', spent: 0 }], estimated)).toEqual([]);
    const inDollars = budgetWarnings([{ ...budget, currency: 'USD' }], both(50, 200));
    expect(inDollars.map(({ code, text }) => [code, text])).toEqual([
      ['budget_not_held', 'Calls with prices in EUR are refused while there is a hard budget in USD'],
    ]);
    const soft = { ...budget, currency: 'USD', hard: undefined, soft: 1 };
    expect(budgetWarnings([soft], both(50, 200))).toEqual([]);
  });

  it('name approvals, agents that are gone, and what is not known, once for each agent', () => {
    const plan = withTasks(planOf({ a: [], wait: [], gone: [], again: [] }), {
      wait: { approval: approvalNode().approval },
      gone: { unavailable: 'agent_disabled' },
      again: { agentId: 'a' },
    });
    const of = new Map([['a', figures([use(1)], undefined)]]);
    expect(planWarnings(plan, of).map(({ code, subject }) => [code, subject])).toEqual([
      ['not_known', 'a'],
      ['not_known', 'a'],
      ['approval', 'wait'],
      ['agent_unavailable', 'gone'],
    ]);
  });
});
