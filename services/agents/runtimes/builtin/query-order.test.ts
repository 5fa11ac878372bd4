// The ends of a match, read through a port that shows a few reports of many at a time, those with the best rank first.

import { describe, expect, it } from '@jest/globals';
import { createReportsInMemory, type ReportInMemory } from '../../core/query/reports-in-memory.for-test.ts';
import { what } from '../../core/query/what.ts';
import { where } from '../../core/query/where.ts';
import { understand } from '../../core/question/understand.ts';
import type { ReportData } from '../../core/report-data.ts';
import { loadGazetteer } from '../../store/gazetteer.ts';
import { runQuerySkill } from './query-skills.ts';

const sources = { gazetteer: loadGazetteer() };
const places = [{ name: 'Hyde Park', aliases: [], point: [-71.12, 42.255] as const }];
const many = 400;
/** Read at once. */
const shown = 40;

/** A report a day in an order that no rank follows, each a little farther away. */
const reports: ReportInMemory[] = Array.from({ length: many }, (_, nth) => {
  const day = (nth * 149) % many;
  return {
    ...{
      incident_id: `inc_${day}`,
      status: nth % 3 === 0 ? 'resolved' : 'pending',
      source: 'web',
      created_by: 'u',
    },
    ...{ summary: `Pothole ${day}`, ingestion_data: {}, rank: 1 },
    created_at: new Date(Date.UTC(2023, 0, 1) + day * 86_400_000).toISOString(),
    location: { type: 'Point', coordinates: [-71.12 + day / 10_000, 42.255] },
  };
});
const port = createReportsInMemory(reports);
const data: ReportData = {
  ...port,
  retrieve: (request) => port.retrieve({ ...request, limit: Math.min(request.limit, shown) }),
};
const ask = (question: string) =>
  understand({ question, referenceMs: Date.UTC(2025, 0, 1), timeZone: 'UTC', places }, sources);

describe('reports in order', () => {
  it.each([
    ['the latest 3 potholes', ['inc_399', 'inc_398', 'inc_397']],
    ['the 3 oldest potholes', ['inc_0', 'inc_1', 'inc_2']],
    ['the 3 oldest potholes still open', ['inc_1', 'inc_2', 'inc_3']],
  ])('are those at the end of all, not of those read: "%s"', async (question, ids) => {
    const open = reports.filter(({ status }) => status === 'pending').map((report) => report.incident_id);
    const meant = question.includes('open')
      ? [...open].sort((a, b) => Number(a.slice(4)) - Number(b.slice(4))).slice(0, 3)
      : ids;
    expect((await runQuerySkill(what, ask(question), data)).references).toEqual(meant);
  });

  it('are the nearest of all', async () => {
    const { references, output } = await runQuerySkill(where, ask('nearest pothole to Hyde Park'), data);
    expect(references.slice(0, 3)).toEqual(['inc_0', 'inc_1', 'inc_2']);
    expect(output.answer).toContain('nearest “Pothole 0” at 0 m');
  });
});

describe('conditions that leave values out', () => {
  it('count over all other values', async () => {
    const { output } = await runQuerySkill(what, ask('How many potholes are not resolved?'), data);
    const open = reports.filter(({ status }) => status !== 'resolved').length;
    expect(output.answer).toContain(`${open} reports about potholes`);
  });
});
