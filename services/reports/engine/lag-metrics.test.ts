// The metrics of a sweep, read as a scrape reads them.
import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { createLagMetrics } from './lag-metrics.ts';

const markedAt = '2025-01-01T00:00:10.000Z';
const younger = '2025-01-01T00:00:25.000Z';

function measured() {
  const registry = new Registry();
  let nowMs = Date.UTC(2025, 0, 1, 0, 0, 30);
  const lag = createLagMetrics(registry, () => nowMs);
  const read = async (name: string): Promise<number | undefined> =>
    (await registry.getSingleMetric(name)?.get())?.values[0]?.value;
  return {
    lag,
    pass: (ms: number) => {
      nowMs += ms;
    },
    pending: () => read('domainflow_report_index_pending'),
    seconds: () => read('domainflow_report_index_lag_seconds'),
  };
}

const pending = [younger, markedAt].map((each) => ({ tenantId: 't', incidentId: each, markedAt: each }));

describe('the lag of the index', () => {
  it('is nothing while nothing is pending', async () => {
    const { lag, pending: count, seconds } = measured();
    expect(await seconds()).toBe(0);
    lag.found([]);
    expect([await count(), await seconds()]).toEqual([0, 0]);
  });

  it('is the age of the oldest change that is pending, and grows until a sweep brings it', async () => {
    const { lag, pass, pending: count, seconds } = measured();
    lag.found(pending);
    expect([await count(), await seconds()]).toEqual([2, 20]);
    pass(5_000);
    expect(await seconds()).toBe(25);
    lag.left(pending.slice(0, 1));
    expect(await seconds()).toBe(10);
    lag.left([]);
    expect(await seconds()).toBe(0);
  });
});
