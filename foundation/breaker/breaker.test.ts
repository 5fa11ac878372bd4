// A breaker around calls: what callers get, what counts, and what is told to whom watches.
import { describe, expect, it } from '@jest/globals';
import { Fault } from '../fault/fault.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { type BreakerOptions, createBreaker, isDownstreamFailure } from './breaker.ts';
import { createBreakerMetrics } from './breaker-metrics.ts';

const limits = { failuresMax: 2, resetMs: 1_000, successesMin: 2, trialTimeoutMs: 500 };

function setUp(options: Partial<BreakerOptions> = {}) {
  const time = { nowMs: 0 };
  const changes: string[] = [];
  const breaker = createBreaker({
    name: 'shop',
    limits,
    nowMs: () => time.nowMs,
    refusal: 'The shop is not available',
    observer: (_name, to, from) => changes.push(`${from} → ${to}`),
    ...options,
  });
  const fail = (error: Error = new Error('away')) =>
    breaker.run(() => Promise.reject(error)).catch((it: unknown) => it);
  const succeed = () => breaker.run(async () => 'done').catch((it: unknown) => it);
  return { breaker, changes, fail, succeed, time };
}

describe('calls through a breaker', () => {
  it('get the answer or the error of their work', async () => {
    const { fail, succeed } = setUp();
    const error = new RangeError('no');
    expect([await succeed(), await fail(error)]).toEqual(['done', error]);
  });

  it('are refused while it is open, without their work being run, with the time to wait', async () => {
    const { breaker, fail, time } = setUp();
    await fail();
    await fail();
    time.nowMs = 400;
    let ran = false;
    const refused = await breaker
      .run(async () => {
        ran = true;
      })
      .catch((it: unknown) => it);
    expect(ran).toBe(false);
    expect(refused).toBeInstanceOf(Fault);
    expect(refused).toMatchObject({
      reason: 'unavailable',
      message: 'The shop is not available',
      retryAfterMs: 600,
      cause: { name: 'BreakerOpen' },
    });
  });

  it('close it again one by one after its time, while others are refused', async () => {
    const { breaker, changes, fail, succeed, time } = setUp();
    await fail();
    await fail();
    time.nowMs = 1_000;
    const gate = Promise.withResolvers<void>();
    const trial = breaker.run(() => gate.promise);
    expect(await succeed()).toMatchObject({ reason: 'unavailable' });
    gate.resolve();
    await trial;
    expect(await succeed()).toBe('done');
    expect(changes).toEqual([
      'undefined → closed',
      'closed → open',
      'open → half_open',
      'half_open → closed',
    ]);
  });

  it('count as failed only when the error is not the caller’s', async () => {
    const { breaker, fail } = setUp();
    for (let at = 0; at < 5; at += 1) await fail(new Fault('not_found', 'No such thing'));
    expect(breaker.mode()).toBe('closed');
    await fail(new Fault('deadline_exceeded', 'Too slow'));
    await fail(new Fault('resource_exhausted', 'Too many'));
    expect(breaker.mode()).toBe('open');
  });

  it('obey a forced mode until its next change', async () => {
    const { breaker, changes, fail, succeed, time } = setUp();
    breaker.force('open');
    expect(await succeed()).toMatchObject({ reason: 'unavailable' });
    time.nowMs = 1_000;
    expect([await succeed(), breaker.mode()]).toEqual(['done', 'half_open']);
    breaker.force('closed');
    await fail();
    expect(breaker.mode()).toBe('closed');
    await fail();
    expect([breaker.mode(), changes.at(-1)]).toEqual(['open', 'closed → open']);
  });
});

describe('isDownstreamFailure', () => {
  it.each([
    ['unavailable', true],
    ['deadline_exceeded', true],
    ['resource_exhausted', true],
    ['internal', true],
    ['invalid_argument', false],
    ['permission_denied', false],
    ['already_exists', false],
    ['aborted', false],
    ['cancelled', false],
  ] as const)('of %s is %s', (reason, expected) => {
    expect(isDownstreamFailure(new Fault(reason, 'x'))).toBe(expected);
  });
});

describe('the metrics of breakers', () => {
  it('show each by name with its mode and its changes, also when made twice', async () => {
    const registry = createMetrics({ processMetrics: false });
    const first = setUp({ observer: createBreakerMetrics(registry) });
    setUp({ name: 'other', observer: createBreakerMetrics(registry) });
    await first.fail();
    await first.fail();
    const text = await registry.metrics();
    expect(text).toContain('domainflow_breaker_state{name="shop"} 2');
    expect(text).toContain('domainflow_breaker_state{name="other"} 0');
    expect(text).toContain('domainflow_breaker_transitions_total{name="shop",from="closed",to="open"} 1');
    expect(text).not.toContain('transitions_total{name="other"');
    first.breaker.force('half_open');
    expect(await registry.metrics()).toContain('domainflow_breaker_state{name="shop"} 1');
  });
});
