// Exports: every format, the way back in, and a body that is whole or has no end.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Fault } from '../../foundation/fault/fault.ts';
import { parsedLines, problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';
import { openRequest } from '../http/streamed-request.for-test.ts';

jest.setTimeout(60_000);

const at2026 = '2026-03-01T10:00:00.123Z';
const time = timestampFromDate(new Date(at2026));

const placed = {
  incidentId: 'inc_1',
  domainId: 'civic',
  rawText: '=cmd("x"),\n"quoted" ü',
  source: 'web',
  status: 'open',
  ingestionData: { geo_location: { type: 'Point', coordinates: [-71.05, -1] } },
  managementData: { note: 'a,b' },
  confidence: 0.5,
  createdAt: time,
  updatedAt: time,
  createdBy: 'u',
};
const bare = {
  incidentId: 'inc_2',
  domainId: 'civic',
  rawText: '-1',
  source: '@x',
  status: 'open',
  createdAt: time,
  updatedAt: time,
};
const broken = { ...bare, incidentId: 'inc_3', rawText: 'one\ntwo\rthree' };

/** Reads CSV by RFC 4180 alone. */
function cellsOf(csv: string): string[][] {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  const rows: string[][] = [[]];
  while (cell.lastIndex < csv.length) {
    const [, quoted, plain = '', end] = cell.exec(csv) ?? [];
    if (end === undefined) throw new Error('This is no CSV');
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('an export', () => {
  let at: TestGateway;
  let token: string;
  const asked: unknown[] = [];
  beforeAll(async () => {
    at = await startGatewayForTest();
    token = await at.token({ roles: ['viewer'] });
  });
  afterAll(() => at.close());

  function hold(...parts: object[][]): void {
    asked.length = 0;
    at.handlers.reports = {
      exportReports: async function* ({ domainId, status, from, to }) {
        asked.push({ domainId, status, from: from?.seconds, to: to?.seconds });
        for (const reports of parts) yield { reports };
      },
    };
  }

  it('is NDJSON of whole documents, by filter', async () => {
    hold([placed], [], [bare]);
    const query = 'domain_id=civic&status=open&from=1970-01-02&to=1970-01-03';
    const answer = await at.send(`GET reports/export?${query}`, { token });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="reports.ndjson"');
    expect(parsedLines(answer.body)).toMatchObject([
      {
        incident_id: 'inc_1',
        raw_text: placed.rawText,
        ingestion_data: placed.ingestionData,
        created_at: at2026,
      },
      { incident_id: 'inc_2', confidence: null },
    ]);
    expect(asked).toEqual([{ domainId: 'civic', status: 'open', from: 86_400n, to: 172_800n }]);
  });

  it('is CSV whose texts keep their line breaks, of every kind', async () => {
    hold([broken]);
    const [, cells] = cellsOf((await at.send('GET reports/export?format=csv', { token })).body);
    expect(cells?.[7]).toBe(broken.rawText);
  });

  it('is CSV that a spreadsheet takes no formula from', async () => {
    hold([placed], [bare]);
    const answer = await at.send('GET reports/export?format=csv', { token });
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    const names =
      'incident_id,domain_id,status,source,created_at,updated_at,created_by,raw_text,longitude,latitude,confidence,ingestion_data,management_data';
    expect(cellsOf(answer.body)).toEqual([
      names.split(','),
      [
        ...[
          'inc_1',
          'civic',
          'open',
          'web',
          at2026,
          at2026,
          'u',
          `'${placed.rawText}`,
          '-71.05',
          '-1',
          '0.5',
        ],
        ...[JSON.stringify(placed.ingestionData), '{"note":"a,b"}'],
      ],
      ['inc_2', 'civic', 'open', "'@x", at2026, at2026, '', "'-1", '', '', '', '{}', '{}'],
    ]);
  });

  it('is GeoJSON, with no geometry where there is no place', async () => {
    const odd = { ...bare, ingestionData: { geo_location: { type: 'Point', coordinates: ['x'] } } };
    hold([placed], [bare, odd]);
    const answer = await at.send('GET reports/export?format=geojson', { token });
    expect(answer.headers.get('content-type')).toBe('application/geo+json');
    expect(answer.body).toMatchObject({
      type: 'FeatureCollection',
      features: [
        {
          type: 'Feature',
          geometry: { type: 'Point', coordinates: [-71.05, -1] },
          properties: { incident_id: 'inc_1', status: 'open', created_at: at2026 },
        },
        { type: 'Feature', geometry: null, properties: { incident_id: 'inc_2' } },
        { type: 'Feature', geometry: null },
      ],
    });
  });

  it.each([
    ['ndjson', ''],
    ['csv', expect.stringMatching(/^incident_id,.*\r\n$/)],
    ['geojson', { type: 'FeatureCollection', features: [] }],
  ])('of nothing is whole: %s', async (format, body) => {
    hold();
    const answer = await at.send(`GET reports/export?format=${format}`, { token });
    expect([answer.status, answer.body ?? '']).toEqual([200, body]);
  });

  it.each(['ndjson', 'csv', 'geojson'])('that fails at once is a problem: %s', async (format) => {
    at.handlers.reports = {
      // biome-ignore lint/correctness/useYield: it fails before its first message.
      exportReports: async function* () {
        throw new Fault('unavailable', 'The reports cannot be read now');
      },
    };
    const answer = await at.send(`GET reports/export?format=${format}`, { token });
    expect([answer.status, problemOf(answer).detail]).toEqual([503, 'The reports cannot be read now']);
  });

  it.each(['ndjson', 'csv', 'geojson'])('that fails in the middle has no end: %s', async (format) => {
    const gate = Promise.withResolvers<void>();
    at.handlers.reports = {
      exportReports: async function* () {
        yield { reports: [placed] };
        await gate.promise;
        throw new Fault('unavailable', 'The reports cannot be read now');
      },
    };
    const { request, answer } = openRequest(`${at.url}/api/v1/reports/export?format=${format}`, {
      ...{ method: 'GET', token },
    });
    request.end();
    const message = await answer;
    const reading = async () => {
      for await (const part of message) if (String(part).includes('inc_1')) gate.resolve();
    };
    await expect(reading()).rejects.toThrow('aborted');
    expect([message.statusCode, message.complete]).toEqual([200, false]);
  });

  it('that breaks off is recorded as a failure, one that is left is not', async () => {
    const other = await startGatewayForTest();
    const key = await other.token();
    const left = Promise.withResolvers<void>();
    other.handlers.reports = {
      exportReports: async function* ({ status }, { signal }) {
        yield { reports: [placed] };
        if (status === 'fails') throw new Fault('unavailable', 'The reports cannot be read now');
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        left.resolve();
      },
    };
    for (const status of ['fails', 'stays']) {
      const url = `${other.url}/api/v1/reports/export?status=${status}`;
      const { request, answer } = openRequest(url, { method: 'GET', token: key });
      request.end();
      const message = await answer;
      message.on('error', () => undefined);
      if (status === 'stays') message.destroy();
      else await new Promise((resolve) => message.resume().once('close', resolve));
    }
    await left.promise;
    const lines = await other.closeAndReadLog();
    await other.close();
    const seen = lines.filter(
      ({ path, msg }) => path === '/api/v1/reports/export' || /broken/.test(String(msg)),
    );
    expect(seen.map(({ msg, status, level }) => [msg, status, level])).toEqual([
      ['An answer was broken off', undefined, 'error'],
      ['Answered a request', 500, 'info'],
      ['Answered a request', 499, 'info'],
    ]);
  });

  it('reads from the service only as fast as it is read', async () => {
    const parts = 40;
    const part = Array.from({ length: 100 }, () => ({ ...bare, rawText: 'x'.repeat(10_000) }));
    let made = 0;
    at.handlers.reports = {
      exportReports: async function* () {
        for (; made < parts; made += 1) yield { reports: part };
      },
    };
    const opened = openRequest(`${at.url}/api/v1/reports/export`, { method: 'GET', token });
    opened.request.end();
    let bytes = 0;
    let aheadMost = 0;
    let next = 1;
    for await (const chunk of await opened.answer) {
      bytes += (chunk as Buffer).length;
      if (bytes < next * 1_000_000) continue;
      next += 1;
      // Time for the gateway to run ahead, if it would.
      for (let turn = 0; turn < 3; turn += 1) await at.send('GET /health/live');
      aheadMost = Math.max(aheadMost, made - bytes / 1_050_000);
    }
    expect(bytes).toBeGreaterThan(parts * 1_000_000);
    expect(aheadMost).toBeLessThan(parts / 2);
  });

  it('ends in the service when the client goes away', async () => {
    const ended = Promise.withResolvers<void>();
    at.handlers.reports = {
      exportReports: async function* () {
        try {
          for (;;) yield { reports: [placed] };
        } finally {
          ended.resolve();
        }
      },
    };
    const { request, answer } = openRequest(`${at.url}/api/v1/reports/export`, { method: 'GET', token });
    request.end();
    const message = await answer;
    message.on('error', () => undefined);
    message.once('data', () => message.destroy());
    await ended.promise;
  });

  it.each([
    ['format=xml', ['format']],
    ['from=now&to=2026-02-30&status=', ['status', 'from', 'to']],
    ['domain_id=', ['domain_id']],
  ])('is refused for ?%s', async (query, fields) => {
    const answer = await at.send(`GET reports/export?${query}`, { token });
    expect(answer.status).toBe(400);
    expect(
      problemOf(answer)
        .details.map(({ field }) => field)
        .sort(),
    ).toEqual([...fields].sort());
  });

  it('is not made for HEAD', async () => {
    const answer = await at.send('HEAD reports/export', { token });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET']);
  });
});
