// How fast the report index is written and how fast it answers, at the RPC of a real reports service over PostgreSQL that keeps what it
// acknowledges. Prints one line for each question: alone, and with 8 in flight. `--reports 200000` makes it large.
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { createPostgres } from '../foundation/postgres/pool.ts';
import { startLocalDatabases } from '../local/databases/databases.ts';
import { prepareTables } from '../local/mesh/prepare-stores.ts';
import { createPostgresIndex } from '../services/reports/store/postgres-index.ts';
import { prepareReportsDatabase } from '../services/reports/store/schema.ts';
import { reportRows } from './report-index-data.ts';
import { documentsPerSecond } from './report-index-documents.ts';
import { indexQuestions } from './report-index-questions.ts';
import { startMeasuredReports } from './report-service.ts';

const { values } = parseArgs({
  options: {
    reports: { type: 'string', default: '20000' },
    calls: { type: 'string', default: '40' },
    documents: { type: 'string', default: '1000' },
    only: { type: 'string', default: '' },
    'pages-mb': { type: 'string', default: '1024' },
  },
});
const reportsCount = Number(values.reports);
const callsOfEach = Number(values.calls);
/** Room for the index of 200,000 reports, as a server that serves so many has it. */
const pagesMb = Number(values['pages-mb']);
const inFlight = 8;
const p95MsMax = 50;

const print = (line: object): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);

const databases = await startLocalDatabases({ durable: true, pagesMb });
const { databaseUrl } = await prepareReportsDatabase({ adminUrl: databases.adminUrl, appPassword: 'bench' });
const origin = { tenantId: randomUUID(), domainId: 'civic_complaints' };
await load();
await prepareTables(databases.dynamoEndpoint);
const clients = await startMeasuredReports(databases, { databaseUrl, tenantId: origin.tenantId });
const { options } = clients;

const documents = Number(values.documents);
if (documents > 0) {
  const perSecond = await documentsPerSecond(clients.reports, options, documents);
  print({ documents, perSecond });
}

let tooSlow = 0;
for (const { name, ask, promised } of indexQuestions(origin.domainId)) {
  if (!name.includes(values.only)) continue;
  const call = (): Promise<unknown> => ask(clients, options());
  await measure(call, { calls: 5, width: 1 });
  const alone = await measure(call, { calls: callsOfEach, width: 1 });
  const together = await measure(call, { calls: callsOfEach * 2, width: inFlight });
  if (promised && alone.p95 > p95MsMax) tooSlow += 1;
  print({
    question: name,
    p50: alone.p50,
    p95: alone.p95,
    together: { p50: together.p50, p95: together.p95 },
  });
}
await clients.close();
await databases.stop();
if (tooSlow > 0) print({ failed: `${tooSlow} questions take more than ${p95MsMax} ms` });
process.exit(tooSlow > 0 ? 1 : 0);

async function load(): Promise<void> {
  const postgres = createPostgres({
    url: databaseUrl,
    applicationName: 'bench',
    sizeMax: 2,
    acquireTimeoutMs: 5_000,
    onError: () => undefined,
  });
  const index = createPostgresIndex(postgres);
  const startMs = performance.now();
  for await (const rows of reportRows(origin, reportsCount)) await index.upsertMany(rows);
  const loadedMs = performance.now() - startMs;
  let changes = 0;
  for (let taken = -1; taken !== 0; changes += taken) taken = await index.foldFacets();
  const foldMs = performance.now() - startMs - loadedMs;
  await postgres.close();
  const admin = new pg.Client({ connectionString: databases.adminUrl });
  await admin.connect();
  await admin.query('vacuum (analyze) reports.report_index, reports.facet_counts, reports.facet_deltas');
  await admin.end();
  const perSecond = Math.round(reportsCount / (loadedMs / 1_000));
  print({ reports: reportsCount, perSecond, changes, foldMs: Math.round(foldMs) });
}

async function measure(
  call: () => Promise<unknown>,
  { calls, width }: { readonly calls: number; readonly width: number },
): Promise<{ readonly p50: number; readonly p95: number }> {
  const times: number[] = [];
  let left = calls;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const startMs = performance.now();
      await call();
      times.push(performance.now() - startMs);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  times.sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0) * 10) / 10;
  return { p50: at(0.5), p95: at(0.95) };
}
