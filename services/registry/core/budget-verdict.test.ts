// Whether a call may be made within budgets.
import { describe, expect, it } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Budgets } from './budget.ts';
import { type JudgedCall, passedBudgets, refuseOverBudget, type UsageTotal } from './budget-verdict.ts';

const unit = 1_000_000_000n;
const priced: JudgedCall = { model: 'any/model', currency: 'EUR' };
const totals = (tenant: bigint, domain: bigint, run: bigint): readonly UsageTotal[] => [
  { scope: 'tenant', money: tenant },
  { scope: 'domain', money: domain },
  { scope: 'run', money: run },
];
const hard = (amount: string, currency = 'EUR') => ({ hard: amount, currency });
const all: Budgets = { tenant: hard('30'), domain: hard('20'), run: hard('10') };

function refused(budgets: Budgets | undefined, call: JudgedCall, sums: readonly UsageTotal[]) {
  try {
    refuseOverBudget(budgets, call, sums);
    return [];
  } catch (error) {
    if (!(error instanceof Fault) || error.reason !== 'resource_exhausted') throw error;
    expect(error.message).toContain(error.violations[0]?.field);
    return error.violations.map(({ field }) => field);
  }
}

describe('refuseOverBudget', () => {
  it.each([
    ['all that is within', [30n, 20n, 10n], []],
    ['the tenant', [31n, 20n, 10n], ['budgets.tenant.hard']],
    ['the domain', [30n, 21n, 10n], ['budgets.domain.hard']],
    ['the run', [30n, 20n, 11n], ['budgets.run.hard']],
    [
      'every one of several',
      [31n, 21n, 11n],
      ['budgets.tenant.hard', 'budgets.domain.hard', 'budgets.run.hard'],
    ],
  ] as const)('holds %s to its bound', (_name, [tenant, domain, run], fields) => {
    expect(refused(all, priced, totals(tenant * unit, domain * unit, run * unit))).toEqual(fields);
  });

  it('refuses what is over by the smallest amount', () => {
    expect(refused({ run: hard('10') }, priced, totals(0n, 0n, 10n * unit + 1n))).toEqual([
      'budgets.run.hard',
    ]);
  });

  it('lets everything through without hard budgets', () => {
    const sums = totals(99n * unit, 99n * unit, 99n * unit);
    expect(refused(undefined, priced, sums)).toEqual([]);
    expect(refused({ tenant: { soft: '1', currency: 'EUR' } }, priced, sums)).toEqual([]);
    expect(refused(undefined, { model: 'any/model', currency: undefined }, [])).toEqual([]);
  });

  it.each([
    ['no price', undefined],
    ['a price in another currency', 'USD'],
  ])('refuses under a hard budget what has %s, and names the setting', (_name, currency) => {
    const call = { model: 'any/model', currency };
    expect(refused({ run: hard('10') }, call, totals(0n, 0n, 0n))).toEqual(['budgets.run.hard']);
    expect(() => refuseOverBudget({ run: hard('10') }, call, [])).toThrow(/any\/model has .*MODEL_PRICES/);
    expect(refused({ run: { soft: '1', currency: 'EUR' } }, call, totals(0n, 0n, 0n))).toEqual([]);
  });

  it('asks nothing of a domain where there is none', () => {
    expect(
      refused(
        { domain: hard('0') },
        priced,
        totals(1n, 0n, 1n).filter(({ scope }) => scope !== 'domain'),
      ),
    ).toEqual([]);
  });
});

describe('passedBudgets', () => {
  const soft: Budgets = {
    tenant: { soft: '30', currency: 'EUR' },
    run: { soft: '10', hard: '20', currency: 'EUR' },
  };
  const passed = (sums: readonly UsageTotal[], call = priced) =>
    passedBudgets(soft, call, sums).map(({ budget, isNew }) => [budget, isNew]);

  it('names the soft budgets that are passed, in a sentence with both sums', () => {
    expect(passed(totals(30n * unit, 99n * unit, 10n * unit))).toEqual([]);
    expect(passed(totals(31n * unit, 99n * unit, 10n * unit))).toEqual([['budgets.tenant.soft', true]]);
    const [first] = passedBudgets(soft, priced, totals(0n, 0n, 12n * unit));
    expect(first?.message).toBe('This run has spent up to 12 EUR, which is more than 10');
  });

  it('tells a budget anew only when it has changed', () => {
    const told = (toldSoft: bigint) => passed([{ scope: 'tenant', money: 31n * unit, toldSoft }]);
    expect(told(30n * unit)).toEqual([['budgets.tenant.soft', false]]);
    expect(told(25n * unit)).toEqual([['budgets.tenant.soft', true]]);
  });

  it('knows nothing of money of another currency', () => {
    expect(passed(totals(99n * unit, 0n, 0n), { model: 'any/model', currency: 'USD' })).toEqual([]);
  });
});
