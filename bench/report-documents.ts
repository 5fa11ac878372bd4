// Many finished documents: how fast they are stored, how fast `reindex` brings all of them into an empty index, and how much memory the
// reports service takes while it exports all of them. Prints one line each. `--reports 200000` makes it large.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDocumentClient } from '../foundation/dynamodb/client.ts';
import { startLocalDatabases } from '../local/databases/databases.ts';
import { prepareTables } from '../local/mesh/prepare-stores.ts';
import { tableNames } from '../local/mesh/service-names.ts';
import type { Report } from '../services/reports/core/report.ts';
import { keyAttributes } from '../services/reports/store/keys.ts';
import { itemOf } from '../services/reports/store/report-item.ts';
import { prepareReportsDatabase } from '../services/reports/store/schema.ts';
import { finishedReports } from './report-index-data.ts';
import { startMeasuredReports } from './report-service.ts';

const { values } = parseArgs({ options: { reports: { type: 'string', default: '10000' } } });
const reportsCount = Number(values.reports);
const batchMax = 25;
const writersMax = 4;
const samples = 20;
/** Memory at the end of an export, against what it was when a fifth had been read. */
const growthMax = 1.25;

const print = (line: object): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);
const perSecond = (startMs: number): number =>
  Math.round(reportsCount / ((performance.now() - startMs) / 1_000));

const databases = await startLocalDatabases({ durable: true });
const { databaseUrl } = await prepareReportsDatabase({ adminUrl: databases.adminUrl, appPassword: 'bench' });
const origin = { tenantId: randomUUID(), domainId: 'civic_complaints' };
await prepareTables(databases.dynamoEndpoint);

const storedMs = performance.now();
await storeDocuments();
print({ documents: reportsCount, storedPerSecond: perSecond(storedMs) });

const reindexMs = performance.now();
const counts = await reindex();
print({ reindexedPerSecond: perSecond(reindexMs), counts });

const { ratio, ...exported } = await measureExport();
print({ ...exported, ratio });
await databases.stop();
const isFlat = ratio <= growthMax;
if (!isFlat) print({ failed: `memory grows by more than ${growthMax} while exporting` });
process.exit(isFlat && exported.exported === reportsCount ? 0 : 1);

/** As the service would have stored them, each indexed. */
async function storeDocuments(): Promise<void> {
  const client = createDocumentClient({
    endpoint: databases.dynamoEndpoint,
    region: 'us-east-1',
    requestTimeoutMs: 60_000,
  });
  let waiting: Report[] = [];
  for await (const reports of finishedReports(origin, reportsCount)) {
    waiting.push(...reports);
    if (waiting.length < batchMax * writersMax) continue;
    await putAll(client, waiting);
    waiting = [];
  }
  await putAll(client, waiting);
  client.destroy();
}

async function putAll(client: DynamoDBDocumentClient, reports: readonly Report[]): Promise<void> {
  const batches = Array.from({ length: Math.ceil(reports.length / batchMax) }, (_, at) =>
    reports.slice(at * batchMax, (at + 1) * batchMax),
  );
  const writer = async (): Promise<void> => {
    for (let batch = batches.pop(); batch; batch = batches.pop()) await putBatch(client, batch);
  };
  await Promise.all(Array.from({ length: writersMax }, writer));
}

async function putBatch(client: DynamoDBDocumentClient, reports: readonly Report[]): Promise<void> {
  const requests = reports.map((report) => ({
    PutRequest: { Item: { ...keyAttributes(report, 1), ...itemOf(report) } },
  }));
  const { UnprocessedItems = {} } = await client.send(
    new BatchWriteCommand({ RequestItems: { [tableNames.reports]: requests } }),
  );
  if (Object.keys(UnprocessedItems).length > 0) throw new Error('The emulator left items out');
}

/** The command that people run. */
async function reindex(): Promise<unknown> {
  const command = spawn(process.execPath, ['--no-warnings', 'scripts/reindex.ts'], {
    env: { ...process.env, DATABASE_URL: databaseUrl, DYNAMODB_ENDPOINT: databases.dynamoEndpoint },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed, [code]] = await Promise.all([text(command.stdout), once(command, 'exit')]);
  if (code !== 0) throw new Error(`reindex ended with ${code}: ${printed}`);
  return JSON.parse(printed);
}

/** Reads the whole export; memory is that of this process, in which the service runs, after collecting garbage where it can be asked for. */
async function measureExport() {
  const service = await startMeasuredReports(databases, { databaseUrl, tenantId: origin.tenantId });
  const startMs = performance.now();
  const heapsMb: number[] = [];
  let exported = 0;
  const options = service.options(20 * 60_000);
  for await (const part of service.reports.exportReports({ domainId: origin.domainId }, options)) {
    exported += part.reports.length;
    if (exported < (reportsCount / samples) * (heapsMb.length + 1)) continue;
    globalThis.gc?.();
    heapsMb.push(Math.round(process.memoryUsage().heapUsed / 1_024 ** 2));
  }
  const exportedPerSecond = perSecond(startMs);
  await service.close();
  const early = heapsMb[Math.floor(samples / 5) - 1] ?? 0;
  const ratio = Math.round((Math.max(...heapsMb.slice(samples / 5)) / early) * 100) / 100;
  return { exported, exportedPerSecond, heapsMb, ratio };
}
