// It says what the library's histogram says.
import { describe, expect, it } from '@jest/globals';
import { Histogram } from 'prom-client';
import { createMetrics } from './metrics.ts';
import { createQuickHistogram } from './quick-histogram.ts';

const durationsMs = [0, 125, 500, 501, 1_000, 2_000, 700_000];
const about = { name: 'waits_seconds', help: 'Waits' };
const buckets = [0.5, 1, 2];

describe('a quick histogram', () => {
  it.each([{ labels: [] }, { labels: ['cause'] }, { labels: ['cause', 'status'] }] as const)(
    'reads like one of the library with the labels %j',
    async ({ labels }) => {
      const [quick, usual] = [
        createMetrics({ processMetrics: false }),
        createMetrics({ processMetrics: false }),
      ];
      const one = createQuickHistogram(quick, { ...about, buckets, labels });
      const other = new Histogram({ ...about, buckets, labelNames: [...labels], registers: [usual] });
      for (const [at, ms] of durationsMs.entries()) {
        const given = [at < 4 ? 'retry' : 'breaker', at % 3 === 0 ? 'a' : 'b'].slice(0, labels.length);
        one.observe(ms, ...given);
        other.observe(Object.fromEntries(labels.map((label, of) => [label, given[of] ?? ''])), ms / 1_000);
      }
      const lines = (text: string): string[] => text.split('\n').toSorted();
      expect(lines(await quick.metrics())).toEqual(lines(await usual.metrics()));
    },
  );
});
