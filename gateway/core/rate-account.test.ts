// What an account lets through, whatever happens to it.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  accountAt,
  adopt,
  daySeconds,
  isAsNew,
  keepTelling,
  newAccount,
  type RateAccount,
  type Rates,
  refusing,
  type SharedAccount,
  spendOne,
  tellUse,
  waitMs,
} from './rate-account.ts';

const startMs = Date.UTC(2026, 2, 1, 10);
const bucket = { perSecond: 10, burst: 20 };
const perDay = { quota: 30, seconds: daySeconds };

/** Sends a request; answers the account after it and whether it passed. */
function send(before: RateAccount, rates: Rates, nowMs: number): readonly [RateAccount, boolean] {
  const account = accountAt(before, rates, nowMs);
  return refusing(account, rates) ? [account, false] : [spendOne(account, rates), true];
}

function sendMany(count: number, before: RateAccount, rates: Rates, nowMs = startMs) {
  let account = before;
  let passed = 0;
  for (let sent = 0; sent < count; sent += 1) {
    const [after, isPassed] = send(account, rates, nowMs);
    account = after;
    passed += isPassed ? 1 : 0;
  }
  return { account, passed };
}

describe('an account', () => {
  it('never lets through more than its burst and what came back since', () => {
    const rate = fc.record({
      perSecond: fc.integer({ min: 1, max: 200 }),
      burst: fc.integer({ min: 1, max: 400 }),
    });
    const pauses = fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 300 });
    fc.assert(
      fc.property(rate, pauses, (rates, waits) => {
        let account = newAccount({ bucket: rates }, startMs);
        let nowMs = startMs;
        const passedAtMs: number[] = [];
        for (const wait of waits) {
          nowMs += wait % 7 === 0 ? wait : wait % 20;
          const [after, isPassed] = send(account, { bucket: rates }, nowMs);
          account = after;
          if (isPassed) passedAtMs.push(nowMs);
        }
        for (const [from, fromMs] of passedAtMs.entries()) {
          for (const [more, toMs] of passedAtMs.slice(from).entries()) {
            const most = rates.burst + ((toMs - fromMs) / 1000) * rates.perSecond;
            expect(more + 1).toBeLessThanOrEqual(most + 1e-6);
          }
        }
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  it('lets through what its window allows, and again in the next one', () => {
    const rates = { window: { quota: 3, seconds: 60 } };
    const first = sendMany(5, newAccount(rates, startMs), rates);
    expect(first.passed).toBe(3);
    expect(refusing(first.account, rates)).toBe('window');
    expect(waitMs(first.account, rates, 'window')).toBe(60_000);
    expect(sendMany(5, first.account, rates, startMs + 59_999).passed).toBe(0);
    expect(sendMany(5, first.account, rates, startMs + 60_000).passed).toBe(3);
  });

  it('counts a day by UTC', () => {
    const account = newAccount({ window: perDay }, startMs);
    expect(account.windowEndsMs).toBe(Date.UTC(2026, 2, 2));
  });

  it('says when a request will pass, and it does then and not before', () => {
    const { account } = sendMany(50, newAccount({ bucket }, startMs), { bucket });
    const wait = waitMs(account, { bucket }, 'bucket');
    expect(wait).toBeCloseTo(100);
    expect(send(account, { bucket }, startMs + wait - 1)[1]).toBe(false);
    expect(send(account, { bucket }, startMs + wait)[1]).toBe(true);
  });

  it('spends of no rate when the other one refuses', () => {
    const rates = { bucket, window: { quota: 5, seconds: 60 } };
    const { account } = sendMany(9, newAccount(rates, startMs), rates);
    expect([account.tokens, account.counted, account.spent, account.uncounted]).toEqual([15, 5, 5, 5]);
  });

  it('does not run backwards with the clock', () => {
    const { account } = sendMany(20, newAccount({ bucket }, startMs), { bucket });
    expect(send(account, { bucket }, startMs - 60_000)[1]).toBe(false);
  });
});

describe('what replicas tell each other', () => {
  it('leaves out nothing that passed while it was told', () => {
    const rates = { bucket, window: perDay };
    const told = tellUse(sendMany(4, newAccount(rates, startMs), rates).account);
    expect(told.use).toEqual({ spent: 4, uncounted: 4 });
    const { account } = sendMany(2, told.account, rates);
    const after = adopt(account, { tokens: 10, counted: 14, windowLeftMs: 5_000 }, startMs);
    expect([after.tokens, after.counted, after.windowEndsMs]).toEqual([8, 16, startMs + 5_000]);
    expect(tellUse(after).use).toEqual({ spent: 2, uncounted: 2 });
  });

  it('is told to the window again when it got lost, and not to the bucket', () => {
    const rates = { bucket, window: perDay };
    const told = tellUse(sendMany(4, newAccount(rates, startMs), rates).account);
    const { account } = sendMany(1, told.account, rates);
    expect(tellUse(keepTelling(account)).use).toEqual({ spent: 1, uncounted: 5 });
  });

  it('is forgotten with its window', () => {
    const rates = { window: { quota: 9, seconds: 60 } };
    const told = tellUse(sendMany(4, newAccount(rates, startMs), rates).account);
    const later = accountAt(told.account, rates, startMs + 60_000);
    expect(tellUse(keepTelling(later)).use).toEqual({ spent: 0, uncounted: 0 });
  });

  it('keeps replicas together within their rate and what each lets through between two calls', () => {
    const replicas = fc.integer({ min: 1, max: 4 });
    // Each step: which replica, requests at once, milliseconds before, and whether it tells afterwards.
    const steps = fc.array(
      fc.tuple(fc.nat(3), fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 400 }), fc.boolean()),
      { maxLength: 80 },
    );
    const rates = { bucket, window: perDay };
    fc.assert(
      fc.property(replicas, steps, (count, all) => {
        const shared = createShared(rates);
        const accounts = Array.from({ length: count }, () => newAccount(rates, startMs));
        const untold = accounts.map(() => 0);
        let [nowMs, passed, untoldMax] = [startMs, 0, 0];
        for (const [which, requests, wait, tells] of all) {
          const at = which % count;
          nowMs += wait;
          const sent = sendMany(requests, accounts[at] ?? newAccount(rates, startMs), rates, nowMs);
          passed += sent.passed;
          untold[at] = (untold[at] ?? 0) + sent.passed;
          untoldMax = Math.max(
            untoldMax,
            untold.reduce((sum, each) => sum + each, 0),
          );
          accounts[at] = sent.account;
          if (!tells) continue;
          const told = tellUse(sent.account);
          accounts[at] = adopt(told.account, shared.settle(told.use, nowMs), nowMs);
          untold[at] = 0;
        }
        const most = bucket.burst + ((nowMs - startMs) / 1000) * bucket.perSecond;
        expect(passed).toBeLessThanOrEqual(most + (count - 1) * untoldMax + 1e-6);
        expect(passed).toBeLessThanOrEqual(perDay.quota + (count - 1) * untoldMax);
        if (count === 1) expect(passed).toBeLessThanOrEqual(Math.min(most + 1e-6, perDay.quota));
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

/** What the database does with the accounts of one caller. */
function createShared(rates: Rates) {
  let account = newAccount(rates, startMs);
  return {
    settle: ({ spent, uncounted }: { spent: number; uncounted: number }, nowMs: number): SharedAccount => {
      const now = accountAt(account, rates, nowMs);
      account = { ...now, tokens: now.tokens - spent, counted: now.counted + uncounted };
      const { tokens, counted, windowEndsMs } = account;
      return { tokens, counted, windowLeftMs: windowEndsMs - nowMs };
    },
  };
}

describe('an account that may be forgotten', () => {
  it('is full, counts nothing and has told everything', () => {
    const rates = { bucket, window: { quota: 9, seconds: 60 } };
    const { account } = sendMany(4, newAccount(rates, startMs), rates);
    expect(isAsNew(newAccount(rates, startMs), rates)).toBe(true);
    expect(isAsNew(accountAt(account, rates, startMs + 59_000), rates)).toBe(false);
    const told = tellUse(account).account;
    expect(isAsNew(accountAt(told, rates, startMs + 59_000), rates)).toBe(false);
    expect(isAsNew(accountAt(told, rates, startMs + 60_000), rates)).toBe(true);
  });
});
