// Finished reports in the shape that the platform gives them, made from the sample complaints and a seed. The same seed makes the same
// reports, apart from their ids.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { newIdAt, prefixedId } from '../foundation/ids/ids.ts';
import { type IndexRow, indexRowOf } from '../services/reports/core/index-row.ts';
import { type Report, submittedReport } from '../services/reports/core/report.ts';

const dayMs = 86_400_000;
/** What the reports are spread over. */
const spanDays = 365;
const endMs = Date.UTC(2026, 5, 1);
const categories = [
  'pothole',
  'water_leak',
  'street_light',
  'trash',
  'graffiti',
  'traffic_signal',
  'snow',
  'tree',
];
const statuses = ['completed', 'completed', 'completed', 'assigned', 'closed', 'failed'];
const words = [
  'again',
  'corner',
  'children',
  'nobody',
  'since',
  'night',
  'morning',
  'danger',
  'broken',
  'smell',
];

/** Numbers from 0 to below 1, the same for a seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Place {
  readonly name: string;
  readonly point: { readonly coordinates: readonly [number, number] };
}

/** What is common to all reports. */
export interface ReportOrigin {
  readonly tenantId: string;
  readonly domainId: string;
}

/** Rows of reports, in steps of at most 500. */
export async function* reportRows(origin: ReportOrigin, count: number): AsyncGenerator<readonly IndexRow[]> {
  for await (const reports of finishedReports(origin, count)) yield reports.map(indexRowOf);
}

/** Reports, in steps of at most 500. */
export async function* finishedReports(
  origin: ReportOrigin,
  count: number,
): AsyncGenerator<readonly Report[]> {
  const file = (name: string) => fileURLToPath(new URL(`../local/sample/${name}`, import.meta.url));
  const lines = (await readFile(file('complaints.jsonl'), 'utf8')).trim().split('\n');
  const texts = lines.map((line) => String(JSON.parse(line).text));
  const { places } = JSON.parse(await readFile(file('boston.json'), 'utf8')) as { places: readonly Place[] };
  const random = randomOf(20_260_101);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  for (let made = 0; made < count; made += 500) {
    const size = Math.min(500, count - made);
    yield Array.from({ length: size }, (_, at) =>
      finishedReport(origin, { random, pick, texts, places, number: made + at }),
    );
  }
}

interface Source {
  readonly random: () => number;
  readonly pick: <T>(list: readonly T[]) => T;
  readonly texts: readonly string[];
  readonly places: readonly Place[];
  readonly number: number;
}

function finishedReport(origin: ReportOrigin, { random, pick, texts, places, number }: Source): Report {
  const atMs = Math.floor(endMs - random() * spanDays * dayMs);
  const place = pick(places);
  const coordinates = place.point.coordinates.map((degrees) => degrees + (random() - 0.5) / 20);
  // One report in a thousand has a word that is rare, and most have the most common one.
  const rare = number % 1_000 === 0 ? ' wolverine' : '';
  const common = random() < 0.75 ? ' The street is blocked.' : '';
  const rawText = `${pick(texts)} ${pick(words)} ${pick(words)}.${common}${rare}`;
  const report = submittedReport({
    ...origin,
    id: newIdAt(atMs),
    rawText,
    source: pick(['web', 'phone', 'app']),
    jobId: prefixedId('job_', newIdAt(atMs)),
    createdAt: new Date(atMs).toISOString(),
    createdBy: `user-${Math.floor(random() * 50)}`,
  });
  const ingestionData = {
    location_text: `${1 + Math.floor(random() * 900)} ${pick(words)} Street, ${place.name}`,
    geo_location: { type: 'Point', coordinates },
    timestamp: new Date(atMs - Math.floor(random() * 3 * dayMs)).toISOString(),
    category: pick(categories),
    urgency: pick(['low', 'medium', 'high']),
    sentiment: { label: pick(['negative', 'neutral']), score: Math.round(random() * 100) / 100 },
    entities: Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick([...words, place.name])),
    people_affected: Math.floor(random() * 40),
  };
  const assignee = { assignee_id: `crew-${Math.floor(random() * 30)}`, hours: Math.floor(random() * 12) };
  return {
    ...report,
    version: 2,
    status: pick(statuses),
    findings: { ingestionData, provenance: {}, conflicts: [] },
    managementData: { task_details: assignee },
  };
}
