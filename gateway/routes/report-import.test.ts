// Batches of finished reports: in groups, each line on its own, and what an export gave is taken again.
import { timestampDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Fault, notFound } from '../../foundation/fault/fault.ts';
import type { ImportedReport } from '../../proto/gen/domainflow/reports/v1/report_pb.js';
import { parsedLines, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

jest.setTimeout(60_000);

const finished = { domain_id: 'civic', text: 'A hole.', ingestion_data: { severity: 'high' } };

describe('an import', () => {
  let at: TestGateway;
  let token: string;
  const groups: ImportedReport[][] = [];
  let domainsAsked = 0;
  beforeAll(async () => {
    at = await startGatewayForTest();
    token = await at.token();
  });
  afterAll(() => at.close());
  beforeEach(() => {
    groups.length = 0;
    domainsAsked = 0;
    at.handlers.domains = {
      getDomain: ({ domainId }) => {
        domainsAsked += 1;
        if (domainId !== 'civic') throw notFound('domain');
        return { domain: {} };
      },
    };
    at.handlers.reports = {
      importReports: ({ reports }) => {
        groups.push(reports);
        return { results: reports.map(({ rawText }) => ({ incidentId: `inc_${rawText}` })) };
      },
    };
  });

  const send = async (lines: readonly unknown[], headers: Record<string, string> = {}) => {
    const body = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
    const type = { 'content-type': 'application/x-ndjson' };
    const answer = await at.send('POST reports/batch?import=true', {
      token,
      body,
      headers: { ...type, ...headers },
    });
    return parsedLines(answer.body);
  };

  it('stores everything that a line holds, and runs nothing', async () => {
    const line = {
      ...finished,
      incident_id: 'inc_7',
      source: 'archive',
      status: 'closed',
      management_data: { note: null },
      confidence: 0.5,
      created_at: '2025-01-02',
      provenance: { ignored: true },
    };
    expect(await send([line, finished])).toEqual([
      { line: 1, status: 'imported', incident_id: 'inc_A hole.' },
      { line: 2, status: 'imported', incident_id: 'inc_A hole.' },
    ]);
    const [whole, least] = groups[0] ?? [];
    expect(whole).toMatchObject({
      incidentId: 'inc_7',
      domainId: 'civic',
      rawText: 'A hole.',
      source: 'archive',
      status: 'closed',
      ingestionData: { severity: 'high' },
      managementData: { note: null },
      confidence: 0.5,
    });
    expect(whole?.createdAt && timestampDate(whole.createdAt).toISOString()).toBe('2025-01-02T00:00:00.000Z');
    expect(least).toMatchObject({ incidentId: '', source: '', status: '' });
    expect([least?.createdAt, least?.confidence, least?.managementData]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('hands reports over in groups of at most a hundred, and asks for a domain once', async () => {
    const told = await send(Array.from({ length: 250 }, (_, index) => ({ ...finished, text: `${index}` })));
    expect(groups.map((group) => group.length)).toEqual([100, 100, 50]);
    expect(domainsAsked).toBe(1);
    expect(told.map(({ line, incident_id }) => `${line} ${incident_id}`)).toEqual(
      told.map((_, index) => `${index + 1} inc_${index}`),
    );
  });

  it('keeps groups small in bytes', async () => {
    const ingestion_data = { words: 'x'.repeat(300 * 1024) };
    await send(Array.from({ length: 7 }, () => ({ ...finished, ingestion_data })));
    expect(groups.map((group) => group.length)).toEqual([3, 3, 1]);
  });

  it('tells what is wrong with a line in its place, and stores the others', async () => {
    at.handlers.reports = {
      importReports: ({ reports }) => ({
        results: reports.map(({ rawText }) => {
          if (rawText === 'refused') {
            return {
              violations: [
                { field: 'reports[1].raw_text', reason: 'is odd' },
                { field: 'status', reason: 'no' },
              ],
            };
          }
          return { incidentId: 'inc_1', existed: rawText === 'known' };
        }),
      }),
    };
    const told = await send([
      finished,
      { ...finished, text: 'refused' },
      { ...finished, domain_id: 'none' },
      { domain_id: 'civic' },
      { ...finished, ingestion_data: [], confidence: 2, created_at: 'now' },
      '{"domain_id":"civic","text":"t","ingestion_data":{"a":1e999}}',
      `${'x'.repeat(1024 * 1024 + 1)}`,
      '{',
      { ...finished, text: undefined, raw_text: 'known', confidence: null },
    ]);
    const seen = told.map(({ line, status, error_code, details }) => [
      line,
      status,
      ...(error_code ? [error_code, details.map(({ field }: never) => field)] : []),
    ]);
    expect(seen).toEqual([
      [1, 'imported'],
      [2, 'rejected', 'ERR_400', ['text', 'status']],
      [3, 'rejected', 'ERR_404', []],
      [4, 'rejected', 'ERR_400', ['ingestion_data']],
      [5, 'rejected', 'ERR_400', ['ingestion_data', 'confidence', 'created_at']],
      [6, 'rejected', 'ERR_400', ['ingestion_data.a']],
      [7, 'rejected', 'ERR_413', []],
      [8, 'rejected', 'ERR_400', []],
      [9, 'existed'],
    ]);
  });

  it('tells of every line of a group that could not be stored', async () => {
    at.handlers.reports = {
      importReports: ({ reports }) => {
        if (reports.length < 100) throw new Fault('unavailable', 'Try again soon');
        return { results: reports.map(() => ({ incidentId: 'inc_1' })) };
      },
    };
    const told = await send(Array.from({ length: 102 }, () => finished));
    expect(told.slice(99).map(({ status, error_code }) => [status, error_code])).toEqual([
      ['imported', undefined],
      ['failed', 'ERR_503'],
      ['failed', 'ERR_503'],
    ]);
  });

  it('is safe to repeat under a key only where each line names its report', async () => {
    const key = { 'idempotency-key': 'monday' };
    const told = await send([finished, { ...finished, incident_id: 'inc_7' }], key);
    expect(told).toMatchObject([
      {
        status: 'rejected',
        details: [{ field: 'incident_id', reason: expect.stringContaining('required') }],
      },
      { status: 'imported' },
    ]);
    expect(groups.map((group) => group.length)).toEqual([1]);
  });

  it('is asked for by true or false', async () => {
    const sent = { token, body: '{}', headers: { 'content-type': 'application/jsonl' } };
    expect((await at.send('POST reports/batch?import=yes', sent)).status).toBe(400);
  });
});
