// How long cases take.

import { describe, expect, it } from '@jest/globals';
import type { FoundReport } from '../report-data.ts';
import { durationsOf, durationWords } from './durations.ts';

const report = (status: string, days?: number): FoundReport => ({
  ...{ incident_id: 'inc_1', status, created_at: '2024-01-01T00:00:00.000Z', summary: '' },
  ...{ ingestion_data: {}, location: null, rank: 0 },
  ...(days !== undefined && {
    management_data: {
      history: [
        { status: 'pending', timestamp: '2024-01-01T12:00:00.000Z' },
        { status, timestamp: new Date(Date.UTC(2024, 0, 1) + days * 86_400_000).toISOString() },
      ],
    },
  }),
});

describe('durations', () => {
  it('are measured from the report to the entry that ended the case', () => {
    const reports = [report('resolved', 2), report('closed', 9), report('resolved', 3), report('pending', 1)];
    expect(durationsOf(reports)).toEqual({ measured: 3, medianDays: 3, shortestDays: 2, longestDays: 9 });
    expect(durationsOf(reports.slice(0, 2)).medianDays).toBe(5.5);
  });

  it('are not known where no history tells of them', () => {
    const none = durationsOf([report('resolved'), report('pending', 4)]);
    expect(none.measured).toBe(0);
    expect(durationWords(none)).toBe('the reports do not say how long they took');
  });
});
