// Every refusal over the wire: its status, its headers and a whole problem body.
import { connect } from 'node:net';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

const valid = { domain_id: 'civic_complaints', text: 'A hole in the road.' };

describe('an error answer', () => {
  let at: TestGateway;
  let token: string;
  beforeAll(async () => {
    at = await startGatewayForTest();
    token = await at.token();
  });
  afterAll(() => at.close());

  const nested = (levels: number) => `{"text":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;

  it.each([
    ['an unknown route', 'GET nothing', {}, 404, 'No such route: /docs'],
    ['an unknown route outside the API', 'POST /nothing', { body: {} }, 404, 'No such route: /docs'],
    ['a path that cannot be decoded', 'GET agents/%zz', {}, 400, 'percent-encoded'],
    ['the same where nothing else can be wrong', 'GET patches/%zz', {}, 400, 'percent-encoded'],
    ['a path part of any length', `GET agents/${'a'.repeat(2_000)}`, {}, 404, 'No such route: /docs'],
    ['an id that cannot be one', 'GET agents/a%00b', {}, 404, 'No such agent'],
    ['a body that is not JSON', 'POST reports', { body: '{"text":' }, 400, 'not valid JSON'],
    ['the same where there is nothing to send', 'DELETE queries/qry_1', { body: '{' }, 400, 'not valid JSON'],
    ['a body of more than 32 levels', 'POST reports', { body: nested(33) }, 400, '32 levels'],
    [
      'a body over the limit of the API',
      'POST sessions',
      { body: { title: 'x'.repeat(1_048_600) } },
      413,
      'too large',
    ],
    [
      'a media type that is not JSON',
      'POST reports',
      { body: 'a=b', headers: { 'content-type': 'text/plain' } },
      415,
      'application/json',
    ],
    [
      'a compressed body',
      'POST reports',
      { body: '{}', headers: { 'content-encoding': 'gzip' } },
      415,
      'compressed',
    ],
    ['a body without what is required', 'POST reports', { body: {} }, 400, 'is required'],
    ['no body at all', 'POST reports', {}, 400, 'is required'],
    ['a parameter that is given twice', 'GET reports?limit=1&limit=2', {}, 400, 'limit: must be given once'],
    [
      'the same where words are listed',
      'GET executions?status=failed&status=failed',
      {},
      400,
      'status: must be given once',
    ],
  ])('tells of %s', async (_what, line, request, status, words) => {
    const answer = await at.send(line, { token, ...request });
    expect(answer.status).toBe(status);
    expect(problemOf(answer).detail).toContain(words);
    expect(problemOf(answer).instance).toBe(new URL(line.split(' ')[1] ?? '', `${at.url}/api/v1/`).pathname);
  });

  it('lists the allowed methods of a path that is asked by another', async () => {
    const answer = await at.send('DELETE reports', {
      body: 'no JSON',
      headers: { 'content-type': 'text/csv' },
    });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
    expect(problemOf(answer).type).toBe('urn:domainflow:problem:method-not-allowed');
  });

  it.each(['/config', '/config/agent/7', '/ingest', '/query', '/data', '/status/job_1'])(
    'says what replaced %s, to every method and without a credential',
    async (path) => {
      for (const line of [`GET ${path}`, `POST /api/v1${path}`, `DELETE ${path}`, `PATCH /api/v1${path}`]) {
        const answer = await at.send(
          line,
          line.startsWith('P') ? { body: 'x', headers: { 'content-type': 'text/x' } } : {},
        );
        expect(answer.status).toBe(410);
        expect(problemOf(answer).detail).toContain('/api/v1/');
      }
    },
  );

  it('names every violation of a body at once, by JSON path', async () => {
    const body = {
      home_area: { name: '', point: { type: 'Point', coordinates: [1] } },
      places: [
        { name: 'Mill', aliases: ['ok', 7], point: { type: 'Line', coordinates: [0, 91] } },
        { name: 'Hill', point: { type: 'Point', coordinates: [0, 0, 0] } },
      ],
      time_zone: 'Mars/Olympus',
    };
    const admin = await at.token({ roles: ['admin'] });
    const answer = await at.send('PUT tenant/settings', { token: admin, body });
    expect(answer.status).toBe(400);
    expect(problemOf(answer).details).toEqual([
      { field: 'home_area.name', reason: 'must not be empty' },
      { field: 'home_area.point.coordinates', reason: 'must have at least 2 items' },
      { field: 'places[0].aliases[1]', reason: 'must be text' },
      { field: 'places[0].point.type', reason: 'must be Point' },
      { field: 'places[0].point.coordinates[1]', reason: 'must be at most 90' },
      { field: 'places[1].point.coordinates', reason: 'must have at most 2 items' },
      { field: 'time_zone', reason: 'must be the name of an IANA time zone' },
    ]);
  });

  it.each([
    ['a NUL character', { ...valid, text: 'a\0b' }, 'text', 'NUL'],
    ['an unpaired surrogate', JSON.stringify(valid).replace('hole', '\\ud800'), 'text', 'surrogates'],
    ['a text that is too long', { ...valid, text: 'a'.repeat(10_001) }, 'text', 'at most 10000'],
    ['an empty text', { ...valid, text: '' }, 'text', 'empty'],
    ['a number for a text', { ...valid, text: 7 }, 'text', 'must be text'],
    ['a domain_id in capitals', { ...valid, domain_id: 'Civic' }, 'domain_id', 'lower-case'],
    ['a source that is too long', { ...valid, source: 's'.repeat(51) }, 'source', 'at most 50'],
    ['an image that is no URL', { ...valid, images: ['x'] }, 'images[0]', 'must be a data URL'],
    ['six images', { ...valid, images: Array(6).fill('https://e.org/') }, 'images', 'at most 5 items'],
    ['null for a body', 'null', 'body', 'must be an object'],
  ])('names the field for %s', async (_what, body, field, words) => {
    const answer = await at.send('POST reports', { token, body });
    expect(answer.status).toBe(400);
    expect(problemOf(answer).details).toEqual([{ field, reason: expect.stringContaining(words) }]);
  });

  it('counts characters, not code units', async () => {
    const acceptedAt = timestampFromDate(new Date('2026-03-01T10:00:00.000Z'));
    at.handlers.executions = { startIngestion: () => ({ jobId: 'job_1', incidentId: 'inc_1', acceptedAt }) };
    const answer = await at.send('POST reports', { token, body: { ...valid, text: '🌊'.repeat(10_000) } });
    expect(answer.status).toBe(202);
  });

  it('answers bytes that are no HTTP request', async () => {
    const { hostname, port } = new URL(at.url);
    const socket = connect(Number(port), hostname).end('nonsense\r\n\r\n');
    let text = '';
    for await (const part of socket) text += String(part);
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nContent-Type: application\/problem\+json/);
    expect(JSON.parse(text.split('\r\n\r\n')[1] ?? '')).toMatchObject({ status: 400, error_code: 'ERR_400' });
  });

  it('answers a request that expects what nobody knows', async () => {
    const { hostname, port } = new URL(at.url);
    const head = `GET /api/v1/me HTTP/1.1\r\nHost: ${hostname}\r\nExpect: nonsense\r\nConnection: close\r\n\r\n`;
    const socket = connect(Number(port), hostname).end(head);
    let text = '';
    for await (const part of socket) text += String(part);
    expect(text).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
  });

  it('answers header fields that are too large', async () => {
    const answer = await at.send('GET agents', { headers: { 'x-large': 'x'.repeat(20_000) } });
    expect(answer.status).toBe(431);
    problemOf(answer);
  });

  it('has no body for HEAD', async () => {
    const answer = await at.send('HEAD agents/none');
    expect([answer.status, answer.body]).toEqual([401, null]);
  });

  it('has no body for HEAD where the request was not even read', async () => {
    const { hostname, port } = new URL(at.url);
    const socket = connect(Number(port), hostname).end(`HEAD /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`);
    let text = '';
    for await (const part of socket) text += String(part);
    expect(text).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
    expect(text.endsWith('\r\n\r\n')).toBe(true);
  });
});
