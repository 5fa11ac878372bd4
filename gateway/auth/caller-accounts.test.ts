// What is remembered of callers, and for how long.
import { expect, it } from '@jest/globals';
import { spendOne } from '../core/rate-account.ts';
import { callersMax, createCallerAccounts, type RatedCaller } from './caller-accounts.ts';

const startMs = Date.UTC(2026, 2, 1, 10);
const rates = { bucket: { perSecond: 10, burst: 20 }, window: { quota: 100, seconds: 60 } };
const callerAt = (at: number): RatedCaller => ({ tenantId: 'tenant', caller: `user:${at}`, rates });

function createAt() {
  let nowMs = startMs;
  const accounts = createCallerAccounts(() => nowMs);
  return {
    accounts,
    use: (at: number): void =>
      accounts.keep(callerAt(at), spendOne(accounts.open(callerAt(at)), rates), true),
    pass: (ms: number): void => {
      nowMs += ms;
    },
  };
}

it('tells of each use once, in parts, and again of the window when that failed', () => {
  const { accounts, use } = createAt();
  for (const at of [1, 2, 3, 1]) use(at);
  const first = accounts.takeUses(2);
  expect(first.map(({ caller, spent }) => [caller, spent])).toEqual([
    ['user:1', 2],
    ['user:2', 1],
  ]);
  accounts.giveBack(first);
  const all = accounts.takeUses(10);
  expect(all.map(({ caller, spent, uncounted }) => [caller, spent, uncounted])).toEqual([
    ['user:3', 1, 1],
    ['user:1', 0, 2],
    ['user:2', 0, 1],
  ]);
  accounts.settled(all, [{ tokens: -3, counted: 7, windowLeftMs: 500 }]);
  expect(accounts.takeUses(10)).toEqual([]);
  expect(accounts.open(callerAt(3))).toMatchObject({ tokens: -3, counted: 7 });
  expect(accounts.open(callerAt(1))).toMatchObject({ tokens: 18, counted: 2 });
});

it('forgets whoever has not come for longest when there are too many', () => {
  const { accounts, use } = createAt();
  for (let at = 0; at < callersMax + 1; at += 1) use(at);
  expect(accounts.size()).toBe(callersMax);
  expect([0, 1, 2].map((at) => accounts.open(callerAt(at)).counted)).toEqual([0, 1, 1]);
});

it('forgets who says no more than somebody new, once all was told', () => {
  const { accounts, use, pass } = createAt();
  for (let at = 0; at < 10; at += 1) use(at);
  pass(60_000);
  use(100);
  expect(accounts.size()).toBe(11);
  accounts.settled(accounts.takeUses(20), []);
  pass(60_000);
  for (let at = 0; at < 7; at += 1) use(-1 - at);
  expect(accounts.size()).toBe(7);
});
