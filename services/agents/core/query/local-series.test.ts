// Series over reports that were read.

import { describe, expect, it } from '@jest/globals';
import { seriesOf, withEmptyBuckets } from './local-series.ts';

const at = (created_at: string) => ({
  incident_id: created_at,
  status: 'pending',
  created_at,
  summary: '',
  ingestion_data: { timestamp: '2024-01-01T00:00:00.000Z' },
  location: null,
  rank: 0,
});

describe('seriesOf', () => {
  const reports = [
    at('2024-11-02T12:00:00.000Z'),
    at('2024-11-04T12:00:00.000Z'),
    at('2024-11-05T02:00:00.000Z'),
  ];

  it('puts empty days in between and keeps to the midnights of the zone, also when the clocks go back', () => {
    expect(seriesOf(reports, { bucket: 'day', time_zone: 'America/New_York' })).toEqual({
      total: 3,
      buckets: [
        { start: '2024-11-02T04:00:00.000Z', count: 1 },
        { start: '2024-11-03T04:00:00.000Z', count: 0 },
        { start: '2024-11-04T05:00:00.000Z', count: 2 },
      ],
    });
  });

  it('counts by the time of the event where asked, and within the period', () => {
    expect(seriesOf(reports, { bucket: 'month', time_zone: 'UTC', event: true }).buckets).toEqual([
      { start: '2024-01-01T00:00:00.000Z', count: 3 },
    ]);
    expect(seriesOf(reports, { bucket: 'day', time_zone: 'UTC', from: '2024-11-05T00:00:00Z' }).total).toBe(
      1,
    );
  });

  it('begins weeks on Monday and hours at the full hours of the zone', () => {
    const [week] = seriesOf([at('2024-11-10T12:00:00.000Z')], { bucket: 'week', time_zone: 'UTC' }).buckets;
    expect(week?.start).toBe('2024-11-04T00:00:00.000Z');
    const [hour] = seriesOf([at('2024-11-10T12:10:00.000Z')], {
      bucket: 'hour',
      time_zone: 'Asia/Kolkata',
    }).buckets;
    expect(hour?.start).toBe('2024-11-10T11:30:00.000Z');
  });

  it('is empty for no reports', () => {
    expect(withEmptyBuckets([], { bucket: 'day', time_zone: 'UTC' })).toEqual([]);
  });
});
