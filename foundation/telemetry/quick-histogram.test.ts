// It says what the library's histogram says.
import { describe, expect, it } from '@jest/globals';
import { Histogram } from 'prom-client';
import { createMetrics } from './metrics.ts';
import { createQuickHistogram } from './quick-histogram.ts';

const values = [0, 0.1, 0.5, 0.50001, 1, 2, 700];
const about = { name: 'waits_seconds', help: 'Waits' };
const buckets = [0.5, 1, 2];

describe('a quick histogram', () => {
  it.each([undefined, 'cause'])('reads like one of the library with the label %s', async (label) => {
    const [quick, usual] = [
      createMetrics({ processMetrics: false }),
      createMetrics({ processMetrics: false }),
    ];
    const one = createQuickHistogram(quick, { ...about, buckets, ...(label ? { label } : {}) });
    const other = new Histogram({ ...about, buckets, labelNames: label ? [label] : [], registers: [usual] });
    for (const [at, value] of values.entries()) {
      const cause = at % 2 === 0 ? 'retry' : 'breaker';
      one.observe(value, label && cause);
      other.observe(label ? { [label]: cause } : {}, value);
    }
    expect(await quick.metrics()).toBe(await usual.metrics());
  });
});
