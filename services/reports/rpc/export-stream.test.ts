// The stream of an export: it holds no more than a step or two, however slowly it is read, and ends with its reader.
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newCaller, newSubmission, type ReportsUnderTest, startReportsForTest } from '../app.for-test.ts';
import type { Report } from '../core/report.ts';
import { newReport, openTestTables, testTables } from '../store/documents.for-test.ts';
import { keyAttributes } from '../store/keys.ts';
import { itemOf } from '../store/report-item.ts';

const caller = newCaller();
const reportsCount = 5_000;
/** Documents that may have been read and not taken yet: those of a step, of a message, and in buffers of the connection. */
const aheadMax = 1_500;
const reports = Array.from({ length: reportsCount }, (_, n) => sample(n));

let under: ReportsUnderTest;
let proxy: Server;
let documentsRead = 0;

function sample(n: number): Report {
  const createdAt = new Date(Date.UTC(2025, 0, 1) + n * 1_000).toISOString();
  return {
    ...newReport({ tenantId: caller.tenantId, createdAt, rawText: 'x'.repeat(2_000) }),
    status: 'open',
  };
}

// Passes everything on, and counts the documents that are asked for in batches.
async function countingProxy(endpoint: string): Promise<string> {
  proxy = createServer((asked, answer) => {
    const { method, headers } = asked;
    const passed = httpRequest(`${endpoint}${asked.url}`, { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    const isBatch = String(headers['x-amz-target']).endsWith('.BatchGetItem');
    asked.on('data', (part: Buffer) => {
      if (isBatch) documentsRead += part.toString().split('inc_').length - 1;
    });
    asked.pipe(passed);
  });
  proxy.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  under = await startReportsForTest({ dynamodbThrough: countingProxy });
  const client = await openTestTables(under.dynamodbEndpoint);
  for (let at = 0; at < reports.length; at += 25) {
    const puts = reports.slice(at, at + 25).map((report) => ({
      PutRequest: { Item: { ...itemOf(report), ...keyAttributes(report, 1) } },
    }));
    await client.send(new BatchWriteCommand({ RequestItems: { [testTables.reports]: puts } }));
  }
  client.destroy();
}, 120_000);

afterAll(async () => {
  await under.stop();
  proxy.closeAllConnections();
  proxy.close();
}, 30_000);

// Answers of the service while the reader does nothing: time enough to run ahead.
async function letServiceWork(): Promise<void> {
  const { incidentId } = newSubmission();
  for (let turns = 0; turns < 10; turns += 1)
    await under.reports.getReport({ incidentId }, under.as(caller)).catch(() => undefined);
}

describe('an export that is read slowly', () => {
  it('brings everything, in order, and is never far ahead of its reader', async () => {
    documentsRead = 0;
    const taken: string[] = [];
    let aheadMost = 0;
    for await (const part of under.reports.exportReports({}, { ...under.as(caller), timeoutMs: 100_000 })) {
      if (taken.length % 500 === 0) await letServiceWork();
      aheadMost = Math.max(aheadMost, documentsRead - taken.length);
      taken.push(...part.reports.map(({ incidentId }) => incidentId));
    }
    expect(taken).toEqual(reports.map(({ incidentId }) => incidentId));
    expect(documentsRead).toBe(reportsCount);
    expect(aheadMost).toBeLessThan(aheadMax);
  }, 120_000);

  it('leaves out what is deleted while it runs', async () => {
    const last = reports.at(-1)?.incidentId ?? '';
    const taken: string[] = [];
    for await (const part of under.reports.exportReports({}, { ...under.as(caller), timeoutMs: 100_000 })) {
      if (taken.length === 0) {
        const deletion = under.asRun(caller, last, 'deletion');
        await under.reports.deleteReport({ incidentId: last }, deletion);
      }
      taken.push(...part.reports.map(({ incidentId }) => incidentId));
    }
    expect(taken).toHaveLength(reportsCount - 1);
    expect(taken).not.toContain(last);
  }, 120_000);

  it('reads no further once its reader has gone', async () => {
    documentsRead = 0;
    const leaving = new AbortController();
    const options = { ...under.as(caller), signal: leaving.signal };
    const stream = under.reports.exportReports({}, options)[Symbol.asyncIterator]();
    const first = await stream.next();
    expect(first.value?.reports.length).toBeGreaterThan(0);
    leaving.abort();
    await expect(stream.next()).rejects.toMatchObject({ reason: 'cancelled' });
    await letServiceWork();
    const readThen = documentsRead;
    await letServiceWork();
    expect(documentsRead).toBe(readThen);
    expect(readThen).toBeLessThan(aheadMax);
  });
});
