// What may be said of budgets.
import { describe, expect, it } from '@jest/globals';
import type { Violation } from '../../../foundation/fault/fault.ts';
import { type BudgetSent, type BudgetsSent, readBudgets } from './budget.ts';

const of = (soft: string, hard: string, currency = 'EUR'): BudgetSent => ({ soft, hard, currency });

function read(sent: BudgetsSent | undefined) {
  const problems: Violation[] = [];
  return { budgets: readBudgets(sent, problems), fields: problems.map(({ field }) => field) };
}

describe('readBudgets', () => {
  it('keeps each bound that is there, as its shortest text', () => {
    const sent = { tenant: of('100.50', '250'), domain: undefined, run: of('', '0') };
    expect(read(sent)).toEqual({
      budgets: {
        tenant: { soft: '100.5', hard: '250', currency: 'EUR' },
        run: { hard: '0', currency: 'EUR' },
      },
      fields: [],
    });
    expect(read({ domain: of('5', '5') }).fields).toEqual([]);
  });

  it.each([undefined, {}, { tenant: undefined }])('reads %j as no budgets', (none) => {
    expect(read(none)).toEqual({ budgets: undefined, fields: [] });
  });

  it.each([
    ['a soft one above the hard one', { tenant: of('5.000000001', '5') }, ['budgets.tenant.soft']],
    ['neither of the two', { run: of('', '') }, ['budgets.run']],
    ['less than nothing', { run: of('-1', '') }, ['budgets.run.soft']],
    ['more than there may be', { run: of('', '1000000000.1') }, ['budgets.run.hard']],
    ['too many digits', { run: of('0.1234567891', '') }, ['budgets.run.soft']],
    ['no currency', { run: of('1', '', '') }, ['budgets.run.currency']],
    ['two currencies', { tenant: of('1', ''), run: of('1', '', 'USD') }, ['budgets.run.currency']],
  ] as const)('refuses %s', (_name, sent, fields) => {
    expect(read(sent).fields).toEqual(fields);
  });

  it('names everything that is wrong at once', () => {
    const sent = { tenant: of('2', '1', 'euro'), domain: of('x', 'y'), run: of('', '') };
    expect(read(sent).fields).toEqual([
      'budgets.tenant.soft',
      'budgets.tenant.currency',
      'budgets.domain.soft',
      'budgets.domain.hard',
      'budgets.run',
      'budgets.domain.currency',
      'budgets.run.currency',
    ]);
  });
});
