// Batches of reports: every line answered on its own, in order, within limits, and while others are still being sent.
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Fault, invalidArgument, notFound } from '../../foundation/fault/fault.ts';
import { parsedLines, problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';
import { lineKey } from '../core/line-key.ts';
import { linesOf, openRequest } from '../http/streamed-request.for-test.ts';

jest.setTimeout(60_000);

const ndjson = 'application/x-ndjson';
const report = { domain_id: 'civic', text: 'A hole.' };
const lineOf = (value: object) => `${JSON.stringify(value)}\n`;

describe('a batch', () => {
  let at: TestGateway;
  let token: string;
  const asked: { text: string; requestId: string }[] = [];
  beforeAll(async () => {
    at = await startGatewayForTest();
    token = await at.token();
  });
  afterAll(() => at.close());
  beforeEach(() => {
    asked.length = 0;
    at.handlers.executions = {
      startIngestion: ({ text, requestId }) => {
        asked.push({ text, requestId });
        return { jobId: `job_${text}`, incidentId: `inc_${text}` };
      },
    };
  });

  const send = (body: string, headers: Record<string, string> = {}) =>
    at.send('POST reports/batch', { token, body, headers: { 'content-type': ndjson, ...headers } });

  it.each([ndjson, 'application/jsonl', 'application/x-ndjson; charset=utf-8'])(
    'is answered line by line: %s',
    async (contentType) => {
      const body = lineOf({ ...report, text: 'a' }) + JSON.stringify({ ...report, text: 'b', images: [] });
      const answer = await send(body, { 'content-type': contentType });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([202, ndjson]);
      expect(parsedLines(answer.body)).toEqual([
        { line: 1, status: 'accepted', incident_id: 'inc_a', job_id: 'job_a' },
        { line: 2, status: 'accepted', incident_id: 'inc_b', job_id: 'job_b' },
      ]);
    },
  );

  it('tells what is wrong with a line in its place, and takes the others', async () => {
    at.handlers.executions = {
      startIngestion: ({ domainId, text }) => {
        if (domainId === 'none') throw notFound('domain');
        if (text === 'later') throw new Fault('unavailable', 'Try again soon');
        if (text === 'bad') throw invalidArgument([{ field: 'images[0]', reason: 'is gone' }]);
        return { jobId: 'job_1', incidentId: 'inc_1' };
      },
    };
    const lines = [
      report,
      '{"domain_id": ',
      '',
      '[]',
      { text: 7 },
      { ...report, domain_id: 'none' },
      { ...report, text: 'later' },
      { ...report, text: 'bad' },
      `{"a":${'['.repeat(40)}${']'.repeat(40)}}`,
      { ...report, images: ['data:image/png;base64,!'] },
      report,
    ];
    const body = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
    const told = parsedLines((await send(body)).body).map(({ line, status, error_code, error, details }) => [
      line,
      status,
      ...(status === 'accepted' ? [] : [error_code, error, details.map(({ field }: never) => field)]),
    ]);
    const some = (words: string) => expect.stringContaining(words);
    expect(told).toEqual([
      [1, 'accepted'],
      [2, 'rejected', 'ERR_400', 'The line is not valid JSON', []],
      [3, 'rejected', 'ERR_400', 'The line is empty', []],
      [4, 'rejected', 'ERR_400', 'line: must be an object', ['line']],
      [5, 'rejected', 'ERR_400', some('and 1 more'), ['domain_id', 'text']],
      [6, 'rejected', 'ERR_404', 'No such domain', []],
      [7, 'failed', 'ERR_503', 'Try again soon', []],
      [8, 'rejected', 'ERR_400', some('is gone'), ['images[0]']],
      [9, 'rejected', 'ERR_400', 'The line nests more than 32 levels', []],
      [10, 'rejected', 'ERR_400', some('base64'), ['images[0]']],
      [11, 'accepted'],
    ]);
  });

  it('gives each line a key of its own, and tells of those that were taken before', async () => {
    at.handlers.executions = {
      startIngestion: ({ requestId }) => {
        asked.push({ text: '', requestId });
        return { jobId: 'job_1', incidentId: 'inc_1', replayed: requestId === lineKey('monday', 2) };
      },
    };
    const answer = await send(lineOf(report).repeat(3), { 'idempotency-key': 'monday' });
    expect(asked.map(({ requestId }) => requestId).sort()).toEqual(
      [1, 2, 3].map((line) => lineKey('monday', line)),
    );
    expect(parsedLines(answer.body).map(({ replayed }) => replayed)).toEqual([undefined, true, undefined]);
    expect((await send(lineOf(report), { 'idempotency-key': 'ü' })).status).toBe(400);
  });

  it('has at most sixteen lines under way, and answers in their order', async () => {
    const gate = Promise.withResolvers<void>();
    const full = Promise.withResolvers<void>();
    let underWay = 0;
    let most = 0;
    at.handlers.executions = {
      startIngestion: async ({ text }) => {
        underWay += 1;
        most = Math.max(most, underWay);
        if (underWay === 16) full.resolve();
        await gate.promise;
        underWay -= 1;
        return { jobId: 'job_1', incidentId: `inc_${text}` };
      },
    };
    const body = Array.from({ length: 100 }, (_, index) => lineOf({ ...report, text: `${index + 1}` }));
    const answered = send(body.join(''));
    await full.promise;
    // Whatever could overtake has had its turns by then.
    for (let turn = 0; turn < 5; turn += 1) await at.send('GET /health/live');
    gate.resolve();
    const told = parsedLines((await answered).body);
    expect(most).toBe(16);
    expect(told.map(({ line, incident_id }) => `${line} ${incident_id}`)).toEqual(
      body.map((_, index) => `${index + 1} inc_${index + 1}`),
    );
  });

  it('answers a line before the next one is sent', async () => {
    const { request, answer } = openRequest(`${at.url}/api/v1/reports/batch`, {
      ...{ method: 'POST', token, contentType: ndjson },
    });
    request.write(lineOf({ ...report, text: '1' }));
    const lines = linesOf(await answer);
    expect(JSON.parse(String((await lines.next()).value))).toMatchObject({ line: 1, status: 'accepted' });
    request.write(lineOf({ ...report, text: '2' }).slice(0, 10));
    request.write(lineOf({ ...report, text: '2' }).slice(10));
    expect(JSON.parse(String((await lines.next()).value))).toMatchObject({ line: 2, incident_id: 'inc_2' });
    request.end();
    expect((await lines.next()).done).toBe(true);
  });

  it('begins nothing more when its client goes away', async () => {
    const begun = Promise.withResolvers<AbortSignal>();
    let count = 0;
    at.handlers.executions = {
      startIngestion: async ({ text }, { signal }) => {
        count += 1;
        if (text !== 'wait') return { jobId: 'job_1', incidentId: 'inc_1' };
        begun.resolve(signal);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        throw new Fault('cancelled', 'Gone');
      },
    };
    const { request, answer } = openRequest(`${at.url}/api/v1/reports/batch`, {
      ...{ method: 'POST', token, contentType: ndjson },
    });
    answer.catch(() => undefined);
    request.write(lineOf({ ...report, text: 'wait' }));
    const signal = await begun.promise;
    const ended = new Promise((resolve) => signal.addEventListener('abort', resolve));
    request.write(lineOf(report).repeat(200), () => request.destroy());
    await ended;
    for (let turn = 0; turn < 5; turn += 1) await at.send('GET /health/live');
    expect(count).toBeLessThanOrEqual(16);
  });

  it('of more than a thousand lines is refused before any is taken, where that can be known', async () => {
    const answer = await send(lineOf(report).repeat(1_001));
    expect(answer.status).toBe(400);
    expect(problemOf(answer).details).toEqual([{ field: 'body', reason: 'must have at most 1000 lines' }]);
    expect(asked).toEqual([]);
    expect(parsedLines((await send(lineOf(report).repeat(1_000))).body).length).toBe(1_000);
  });

  it('tells at its end how far it came, where that cannot be known before', async () => {
    const { request, answer } = openRequest(`${at.url}/api/v1/reports/batch`, {
      ...{ method: 'POST', token, contentType: ndjson },
    });
    // The client has not sent everything when it is told.
    request.write(lineOf(report).repeat(1_010));
    const message = await answer;
    const told = (await Array.fromAsync(linesOf(message))).map((line) => JSON.parse(line));
    expect(message.complete).toBe(true);
    request.destroy();
    expect(told.length).toBe(1_001);
    expect(told[999]).toMatchObject({ line: 1_000, status: 'accepted' });
    const error = 'A batch has at most 1000 lines: nothing from line 1001 on was taken';
    expect(told[1_000]).toMatchObject({ line: 1_001, status: 'rejected', error });
    expect(asked.length).toBe(1_000);
  });

  it.each([
    ['nothing', '', {}, 400, 'at least one line'],
    ['JSON', '{}', { 'content-type': 'application/json' }, 415, ndjson],
    ['no media type that is known', 'x', { 'content-type': 'text/csv' }, 415, ndjson],
    ['a compressed body', 'x', { 'content-encoding': 'gzip' }, 415, 'compressed'],
  ])('is refused for %s', async (_what, body, headers, status, words) => {
    const answer = await send(body, headers);
    expect(answer.status).toBe(status);
    expect(problemOf(answer).detail).toContain(words);
  });

  it('is refused unread when it says that it is too large', async () => {
    const large = await fetch(`${at.url}/api/v1/reports/batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': ndjson },
      body: Buffer.alloc(36 * 1024 * 1024 + 1, 0x0a),
    });
    expect(large.status).toBe(413);
    await large.body?.cancel();
    expect(asked).toEqual([]);
  });

  it('allows POST alone', async () => {
    const answer = await at.send('GET reports/batch', { token });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });
});
