// The six query skills over a handful of reports: what they count, what they cite, and what they say when nothing matches. The port
// is answered from memory by the rules that it states.

import { describe, expect, it } from '@jest/globals';
import { createRegionNames } from '../../core/geo/region-names.ts';
import { groupReports } from '../../core/query/groups.ts';
import { seriesOf } from '../../core/query/local-series.ts';
import { answerLengthMax } from '../../core/query/sentence.ts';
import { readQuestion } from '../../core/question.ts';
import type { FoundReport, ReportData, RetrieveRequest } from '../../core/report-data.ts';
import type { JsonObject } from '../../core/skill.ts';
import { loadGazetteer } from '../../store/gazetteer.ts';
import { runHow, runWhat, runWhen, runWhere, runWho, runWhy } from './query-skills.ts';

const sources = { gazetteer: loadGazetteer(), regions: createRegionNames() };
const referenceMs = Date.parse('2024-11-22T15:00:00Z');
const hydePark = { name: 'Hyde Park', aliases: [], point: [-71.12, 42.255] as const };
const runs = { who: runWho, what: runWhat, where: runWhere, when: runWhen, why: runWhy, how: runHow };

const reports: FoundReport[] = [
  report(1, 'pending', 'Trash on Elm St due to a missed pickup', {
    location_text: 'Elm St',
    complaint_type: 'environment',
    key_phrases: ['missed pickup'],
  }),
  report(2, 'resolved', 'More trash at 12 Elm St, kids play there', {
    location_text: '12 Elm St',
    complaint_type: 'environment',
    key_phrases: ['missed pickup'],
  }),
  report(
    3,
    'pending',
    'Litter in Hyde Park, MBTA does nothing',
    {
      location_text: 'Hyde Park',
      complaint_type: 'service',
      entities: [{ text: 'MBTA', type: 'organization' }],
    },
    [-71.12, 42.255],
  ),
  report(4, 'closed', 'Pothole on Oak St needs to be filled', {
    location_text: 'Oak St',
    complaint_type: 'infrastructure',
  }),
  report(5, 'pending', 'Pothole near the school', { complaint_type: 'infrastructure' }, [-71.121, 42.256]),
];

function report(
  nth: number,
  status: string,
  summary: string,
  ingestion_data: JsonObject,
  coordinates?: readonly [number, number],
): FoundReport {
  const location = coordinates === undefined ? null : { type: 'Point' as const, coordinates };
  const created_at = `2024-11-${String(10 + nth)}T12:00:00.000Z`;
  return { incident_id: `inc_${nth}`, status, created_at, summary, ingestion_data, location, rank: 1 };
}

function matches(text: string | undefined, { summary }: FoundReport): boolean {
  if (text === undefined) return true;
  const lower = summary.toLowerCase();
  return text
    .split(' or ')
    .some((clause) =>
      (clause.match(/"[^"]+"|\S+/g) ?? []).every((word) => lower.includes(word.replaceAll('"', ''))),
    );
}

function select({ text, from, to, bounds, status }: Partial<RetrieveRequest>): FoundReport[] {
  return reports.filter((one) => {
    const [longitude = 0, latitude = 0] = one.location?.coordinates ?? [];
    const inside =
      bounds === undefined ||
      (longitude >= bounds.west &&
        longitude <= bounds.east &&
        latitude >= bounds.south &&
        latitude <= bounds.north);
    const inTime =
      (from === undefined || one.created_at >= from) && (to === undefined || one.created_at < to);
    return matches(text, one) && inside && inTime && (status === undefined || one.status === status);
  });
}

const data: ReportData = {
  retrieve: async (request) => {
    const found = select(request);
    return { total: found.length, reports: found.slice(0, request.limit) };
  },
  aggregate: async (request) => groupReports(select(request), request),
  series: async (request) => seriesOf(select(request), request),
  spatial: async (request) => {
    const points = select(request).flatMap(({ incident_id, status, location, ingestion_data }) => {
      const named = ingestion_data.location_text;
      return location === null
        ? []
        : [{ incident_id, point: location, status, location_text: typeof named === 'string' ? named : null }];
    });
    return { total: points.length, points };
  },
};

const ask = (question: string) =>
  readQuestion({ question, referenceMs, timeZone: 'UTC', places: [hydePark] }, sources);

describe('every query skill', () => {
  it.each(Object.entries(runs))(
    '%s answers in one sentence, with counts, and cites what it counted',
    async (_name, run) => {
      const { output, references, confidence } = await run(ask('Tell me about trash'), data);
      expect(String(output.answer)).toContain('3 reports about trash');
      expect(String(output.answer).length).toBeLessThanOrEqual(answerLengthMax);
      expect([...references].sort()).toEqual(['inc_1', 'inc_2', 'inc_3']);
      expect(confidence).toBeGreaterThan(0.5);
      expect(Object.keys(output).length).toBeLessThanOrEqual(5);
    },
  );

  it.each(Object.entries(runs))('%s says honestly that nothing matches', async (_name, run) => {
    const { output, references, confidence } = await run(ask('Any unicorns?'), data);
    expect(output.answer).toBe('No report about unicorns.');
    expect(references).toEqual([]);
    expect(confidence).toBeLessThan(0.3);
  });

  it.each(Object.entries(runs))('%s keeps to the period asked about', async (_name, run) => {
    const { references } = await run(ask('Any trash since November 12?'), data);
    expect([...references].sort()).toEqual(['inc_2', 'inc_3']);
  });
});

describe('what', () => {
  it('counts kinds and shared phrases', async () => {
    const { output } = await runWhat(ask('What about trash?'), data);
    expect(output.incident_types).toEqual([
      { type: 'environment', count: 2 },
      { type: 'service', count: 1 },
    ]);
    expect(output.common_issues).toEqual([{ issue: 'missed pickup', count: 2 }]);
  });

  it('widens to any of the words when they do not occur together, and says so', async () => {
    const { output, reasoning, confidence } = await runWhat(ask('Any trash or potholes?'), data);
    expect(output.answer).toContain('5 reports about trash or potholes');
    expect(reasoning).toContain('widened to any of the words');
    expect(confidence).toBeLessThan(0.6);
  });

  it('counts within a status over the reports read', async () => {
    const { output } = await runWhat(ask('What is pending?'), data);
    expect(output.answer).toContain('3 reports with status pending');
    expect(output.incident_types).toHaveLength(3);
  });
});

describe('where', () => {
  it('joins addresses of one street when streets are asked for', async () => {
    const { output, references } = await runWhere(ask('Which streets have trash?'), data);
    expect(output.locations).toEqual([{ location: 'Elm St', count: 2 }]);
    expect(references.slice(0, 2)).toEqual(['inc_1', 'inc_2']);
  });

  it('looks around a named place when no text names it', async () => {
    const { output, reasoning } = await runWhere(ask('Potholes near Hyde Park?'), data);
    expect(output.answer).toContain('1 report about potholes near Hyde Park');
    expect(reasoning).toContain('surroundings');
  });

  it('counts by the nearest of the tenant’s places when areas are asked for', async () => {
    const { output } = await runWhere(ask('Which neighborhoods are named?'), data);
    expect(output.locations).toEqual([{ location: 'Hyde Park', count: 2 }]);
  });
});

describe('who', () => {
  it('names organisations and groups of people in the texts', async () => {
    const { output } = await runWho(ask('Who is concerned by trash?'), data);
    expect(output.entities).toEqual([{ name: 'MBTA', type: 'organization', count: 1 }]);
    expect(output.affected).toEqual([{ group: 'children', count: 1 }]);
  });
});

describe('when', () => {
  it('counts per day of the period and gives the trend', async () => {
    const { output } = await runWhen(ask('When was trash reported in the last 14 days?'), data);
    expect(output.frequency).toEqual({ total: 3, per_day: 0.21 });
    expect(output.trend).toMatchObject({ direction: 'steady' });
  });
});

describe('why', () => {
  it('quotes a cause with the report that states it first', async () => {
    const { output, references } = await runWhy(ask('Why is there trash?'), data);
    expect(output.causes).toEqual([{ cause: 'a missed pickup', count: 1 }]);
    expect(references[0]).toBe('inc_1');
  });
});

describe('how', () => {
  it('tells how far the handling is and what is asked for', async () => {
    const { output } = await runHow(ask('How are potholes handled?'), data);
    expect(output.process).toMatchObject({ done: 1, open: 1 });
    expect(output.methods).toMatchObject({ asked_for: [{ action: 'fill', count: 1 }] });
  });
});
