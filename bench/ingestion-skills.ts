// How many reports one core reads with the three builtin ingestion skills, and what their data takes in memory. Texts are 1,200
// service requests, or those of `--data FILE` (JSON Lines with text and reported_at). Speed is told per second of CPU, so that a busy machine
// distorts it little. Prints one line for each figure; fails below 200 reports a second or above 300 MB.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describe } from '../services/agents/core/entity/entity-skill.ts';
import { locate } from '../services/agents/core/geo/geo-skill.ts';
import { timeOf } from '../services/agents/core/temporal/temporal-skill.ts';
import { loadCategoryModels } from '../services/agents/store/category-models.ts';
import { loadNameRecognizer } from '../services/agents/store/entity-model.ts';
import { loadGazetteer } from '../services/agents/store/gazetteer.ts';
import { loadSentimentModel } from '../services/agents/store/sentiment-model.ts';

const perSecondMin = 200;
const growthMbMax = 300;
const warmingReports = 300;
const cpuSecondsEach = 3;
const requests = join(import.meta.dirname, 'eval', 'category_boston311.dev.jsonl');
const usualReferenceMs = Date.parse('2025-06-02T12:00:00Z');

interface ReadReport {
  readonly text: string;
  readonly referenceMs: number;
}

/** One of the skills, on one report. */
type Read = (report: ReadReport) => unknown;

function readReports(path: string): ReadReport[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.flatMap((line, at) => {
    if (line.trim() === '') return [];
    const { text, reported_at: reportedAt } = JSON.parse(line) as { text?: unknown; reported_at?: unknown };
    if (typeof text !== 'string') throw new Error(`${path}, line ${at + 1} lacks text`);
    const parsed = typeof reportedAt === 'string' ? Date.parse(reportedAt) : Number.NaN;
    return [{ text, referenceMs: Number.isNaN(parsed) ? usualReferenceMs : parsed }];
  });
}

function residentMb(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss() / 2 ** 20;
}

/** Loads one part and prints what that took. */
function loaded<Part>(name: string, load: () => Part): Part {
  const [beforeMb, startMs] = [residentMb(), performance.now()];
  const part = load();
  const ms = performance.now() - startMs;
  print({ loading: name, ms: Math.round(ms), growthMb: Math.round(residentMb() - beforeMb) });
  return part;
}

function print(figure: Readonly<Record<string, string | number>>): void {
  process.stdout.write(`${JSON.stringify(figure)}\n`);
}

/** Reports in a second of CPU, over and over for some seconds; the first ones, before the code is warm, do not count. */
function perCpuSecond(reports: readonly ReadReport[], read: Read): number {
  for (const report of reports.slice(0, warmingReports)) read(report);
  const start = process.cpuUsage();
  let [count, seconds] = [0, 0];
  while (seconds < cpuSecondsEach) {
    for (const report of reports) read(report);
    count += reports.length;
    const { user, system } = process.cpuUsage(start);
    seconds = (user + system) / 1e6;
  }
  return Math.round(count / seconds);
}

const { values } = parseArgs({ options: { data: { type: 'string', default: requests } } });
const reports = readReports(values.data);
const beforeMb = residentMb();
const geo = { gazetteer: loaded('places', loadGazetteer) };
const models = {
  names: loaded('names', loadNameRecognizer),
  sentiment: loaded('sentiment', loadSentimentModel),
  categories: loaded('categories', loadCategoryModels),
};
const growthMb = Math.round(residentMb() - beforeMb);

const skills: Readonly<Record<string, Read>> = {
  geo: ({ text }) => locate({ text, places: [] }, geo),
  temporal: ({ text, referenceMs }) => timeOf({ text, referenceMs, timeZone: 'America/New_York' }),
  entity: ({ text }) => describe({ text, places: [], categoryModel: 'boston311' }, models),
};
const each = Object.entries(skills).map(([skill, read]) => ({
  skill,
  perSecond: perCpuSecond(reports, read),
}));
const together = perCpuSecond(reports, (report) => Object.values(skills).map((read) => read(report)));
for (const { skill, perSecond } of each) {
  print({ skill, perSecond, ratio: (perSecond / together).toFixed(2) });
}
print({ skill: 'all three', perSecond: together, ratio: '1.00' });
print({ loading: 'all', growthMb, residentMb: Math.round(residentMb()) });
if (together < perSecondMin || growthMb > growthMbMax) {
  process.stderr.write(
    `${together} reports a second and ${growthMb} MB; there must be ${perSecondMin} at least and ${growthMbMax} MB at most\n`,
  );
  process.exitCode = 1;
}
