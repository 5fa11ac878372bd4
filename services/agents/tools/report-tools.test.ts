// What analytics_api computes from counts, over reports in memory.
import { describe, expect, it } from '@jest/globals';
import { createReportsInMemory } from '../core/query/reports-in-memory.for-test.ts';
import type { JsonObject, JsonValue } from '../core/skill.ts';
import { createReportTools, patternsMax } from './report-tools.ts';

/** A report a day: leaks in the north and noise in the south, every tenth one the other way round. */
const reports = Array.from({ length: 40 }, (_, at) => {
  const isLeak = at % 2 === 0;
  const isTurned = at % 10 < 2;
  return {
    ...{ incident_id: `inc_${at}`, status: 'open', source: 'web', created_by: 'a', summary: 'x', rank: 0 },
    created_at: new Date(Date.UTC(2026, 0, 1 + at)).toISOString(),
    location: null,
    ingestion_data: {
      kind: isLeak ? 'leak' : 'noise',
      area: isLeak !== isTurned ? 'north' : 'south',
      id: `id ${at}`,
    },
  };
});
const tools = createReportTools(createReportsInMemory(reports));
const analyse = (given: JsonObject): Promise<JsonValue> | undefined => tools.analytics_api?.(given);

describe('analytics_api', () => {
  it('says which values of two fields go together, the strongest first', async () => {
    const given = { group_by: 'ingestion_data.kind', correlate_with: 'ingestion_data.area', limit: 5 };
    expect(await analyse(given)).toEqual({
      total: 40,
      correlations: [
        { first: 'leak', second: 'north', count: 16, coefficient: 0.6 },
        { first: 'noise', second: 'south', count: 16, coefficient: 0.6 },
        { first: 'leak', second: 'south', count: 4, coefficient: -0.6 },
        { first: 'noise', second: 'north', count: 4, coefficient: -0.6 },
      ],
    });
  });

  it('looks only at what the filter leaves', async () => {
    const where = { 'ingestion_data.kind': 'leak' };
    const given = { group_by: 'ingestion_data.kind', correlate_with: 'ingestion_data.area', where };
    expect(await analyse(given)).toEqual({ total: 20, correlations: [] });
  });

  it('answers twenty patterns and no more', async () => {
    const found = (await analyse({ group_by: 'ingestion_data.id', limit: 50 })) as unknown as {
      readonly groups: readonly { readonly key: string; readonly count: number }[];
    };
    expect(found.groups.filter(({ key }) => key !== 'other')).toHaveLength(patternsMax);
  });

  it.each([
    ['2026-01-01', 'steady'],
    ['2026-02-01', 'steady'],
  ])('says where a series goes that begins on %s', async (from, direction) => {
    const given = { bucket: 'day', time_zone: 'UTC', from: `${from}T00:00:00.000Z` };
    expect(await analyse(given)).toMatchObject({
      trend: { direction, changePercent: 0 },
      peak: { count: 1 },
    });
  });
});
