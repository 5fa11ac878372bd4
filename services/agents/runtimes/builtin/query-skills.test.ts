// The six query skills over a handful of reports: what they count, what they cite, and what they say when nothing matches. The port
// is answered from memory by the rules that it states.

import { beforeEach, describe, expect, it } from '@jest/globals';
import { createReportsInMemory, type ReportInMemory } from '../../core/query/reports-in-memory.for-test.ts';
import { answerLengthMax } from '../../core/query/sentence.ts';
import { understand } from '../../core/question/understand.ts';
import type { ReportData } from '../../core/report-data.ts';
import type { JsonObject } from '../../core/skill.ts';
import { loadGazetteer } from '../../store/gazetteer.ts';
import { runHow, runWhat, runWhen, runWhere, runWho, runWhy } from './query-skills.ts';

const sources = { gazetteer: loadGazetteer() };
const referenceMs = Date.parse('2024-11-22T15:00:00Z');
const hydePark = { name: 'Hyde Park', aliases: [], point: [-71.12, 42.255] as const };
const runs = { who: runWho, what: runWhat, where: runWhere, when: runWhen, why: runWhy, how: runHow };

const reports: ReportInMemory[] = [
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
): ReportInMemory {
  const location = coordinates === undefined ? null : { type: 'Point' as const, coordinates };
  const created_at = `2024-11-${String(10 + nth)}T12:00:00.000Z`;
  const known = { incident_id: `inc_${nth}`, status, created_at, source: 'web', created_by: 'user_1' };
  return { ...known, summary, ingestion_data, location, rank: 1 };
}

const asked: string[] = [];
const port = createReportsInMemory(reports);
const data: ReportData = {
  retrieve: (request) => noted('retrieve', port.retrieve(request)),
  aggregate: (request) => noted(`aggregate ${request.group_by}`, port.aggregate(request)),
  series: (request) => noted('series', port.series(request)),
  spatial: (request) => noted('spatial', port.spatial(request)),
  values: (request) => noted('values', port.values(request)),
  clusters: (request) => noted('clusters', port.clusters(request)),
  lookup: (request) => noted('lookup', port.lookup(request)),
};

function noted<T>(call: string, answer: T): T {
  asked.push(call);
  return answer;
}

/** The same reports, of which a reader is given only some. */
const sparse: ReportData = {
  ...data,
  retrieve: async (request) => {
    const { total, reports: found } = await data.retrieve(request);
    return { total, reports: found.slice(0, 2) };
  },
};

beforeEach(() => void asked.splice(0));

const ask = (question: string) =>
  understand({ question, referenceMs, timeZone: 'UTC', places: [hydePark] }, sources);

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

  it('takes one of the things listed for enough', async () => {
    const { output, confidence } = await runWhat(ask('Any trash or potholes?'), data);
    expect(output.answer).toContain('5 reports about trash or potholes');
    expect(confidence).toBeGreaterThan(0.8);
  });

  it('widens to single words when they do not occur together, and says so', async () => {
    const { output, reasoning, confidence } = await runWhat(ask('Any trash around potholes?'), data);
    expect(output.answer).toContain('5 reports naming trash or potholes');
    expect(reasoning).toContain('widened to single words');
    expect(confidence).toBeLessThan(0.6);
  });

  it('lets go of the condition of a thing before the thing', async () => {
    const { output, reasoning } = await runWhat(ask('Any dangerous potholes?'), data);
    expect(output.answer).toContain('2 reports about potholes');
    expect(reasoning).toContain('in any condition');
  });

  it('counts within a status', async () => {
    const { output } = await runWhat(ask('What is pending?'), data);
    expect(output.answer).toContain('3 reports with status pending');
    expect(output.incident_types).toHaveLength(3);
  });

  it('says what all are, and names examples where reports share nothing', async () => {
    const { output } = await runWhat(ask('What about potholes?'), data);
    expect(output.answer).toBe('2 reports about potholes; all infrastructure.');
    const trash = await runWhat(ask('What about litter or potholes?'), sparse);
    expect(trash.output.common_issues).toEqual([{ issue: 'missed pickup', count: 2 }]);
  });
});

describe('where', () => {
  it('joins addresses of one street when streets are asked for', async () => {
    const { output, references } = await runWhere(ask('Which streets have trash?'), data);
    expect(output.locations).toEqual([{ location: 'Elm St', count: 2 }]);
    expect(references.slice(0, 2)).toEqual(['inc_1', 'inc_2']);
  });

  it('looks around a place that the question says near of, whatever the texts name', async () => {
    const { output } = await runWhere(ask('Potholes near Hyde Park?'), data);
    expect(output.answer).toContain('1 report about potholes near Hyde Park (2 km)');
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
    expect(output.answer).toContain('reported from 11 Nov 2024 to 13 Nov 2024');
  });

  it('says the day and the hour, and no pattern, when all came at once', async () => {
    const { output } = await runWhen(ask('When was trash reported on November 12?'), data);
    expect(output.answer).toBe('1 report about trash on 12 Nov 2024; reported on 12 Nov 2024 at 12:00.');
    expect(output.time_pattern).toMatchObject({ bucket: 'hour' });
  });

  it('gives months where the index counts more than was read', async () => {
    const { output } = await runWhen(ask('When was anything reported?'), sparse);
    expect(output.frequency).toMatchObject({ total: 5 });
    expect(output.answer).toContain('reported from 11 Nov 2024 to 15 Nov 2024');
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

describe('calls', () => {
  it.each([
    ['who', 5],
    ['what', 1],
    ['where', 1],
    ['when', 1],
    ['why', 6],
    ['how', 2],
  ] as const)('of %s are at most %i when every match was read', async (name, most) => {
    await runs[name](ask('Tell me about trash'), data);
    expect(asked.length).toBeLessThanOrEqual(most);
  });

  it.each(Object.entries(runs))(
    'of %s are at most six when there is more than was read',
    async (_name, run) => {
      const { output } = await run(ask('Tell me about trash and its urgency, status and sentiment'), sparse);
      expect(output.answer).toContain('3 reports');
      expect(asked.length).toBeLessThanOrEqual(6);
    },
  );

  it('are made where the reports read do not hold the answer', async () => {
    await runWho(ask('Who reported trash?'), data);
    expect(asked).toEqual(['retrieve', 'aggregate created_by', 'retrieve']);
  });
});
