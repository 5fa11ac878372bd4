// The client as its users see it, before a server that answers as each test says.
import { afterEach, describe, expect, it } from '@jest/globals';
import { createClient } from './api-client.ts';
import { ApiError, ConnectionError } from './api-error.ts';
import {
  json,
  problem,
  type Script,
  type ScriptedServer,
  startScriptedServer,
  startServer,
} from './scripted-server.for-test.ts';

let server: ScriptedServer | undefined;

afterEach(() => server?.close());

async function clientOf(...scripts: readonly Script[]) {
  server = await startScriptedServer(...scripts);
  return createClient({ baseUrl: `${server.url}/`, credential: 'secret', waitFor: async () => undefined });
}

describe('a call', () => {
  it('fills in its path and query, and answers the body', async () => {
    const api = await clientOf(json(200, { session_id: 's', messages: [] }));
    const session = await api.get('/api/v1/sessions/{session_id}', {
      path: { session_id: 'a/b c' },
      query: { messages_cursor: 'x&y' },
    });
    expect(session.session_id).toBe('s');
    expect(server?.seen[0]?.path).toBe('/api/v1/sessions/a%2Fb%20c?messages_cursor=x%26y');
  });

  it('turns a problem into an error that holds all of it', async () => {
    const details = [{ field: 'title', reason: 'is required' }];
    const api = await clientOf(problem(400, { detail: 'title: is required', details, used_by: ['d'] }));
    const error = await api
      .post('/api/v1/sessions', { body: { domain_id: 'd' } })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      ...{ message: 'title: is required', status: 400, violations: details, traceId: 'f'.repeat(32) },
      problem: { used_by: ['d'] },
    });
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  it('says how long to wait, and does without a problem where something else answers', async () => {
    const api = await clientOf(
      (response) => void response.writeHead(502, { 'retry-after': '9' }).end('<html>'),
    );
    const call = api.get('/api/v1/me');
    await expect(call).rejects.toMatchObject({
      status: 502,
      retryAfterMs: 9_000,
      problem: undefined,
      violations: [],
    });
  });

  it('says which address cannot be reached', async () => {
    const api = await clientOf(json(200, {}));
    const { url = '' } = server ?? {};
    await server?.close();
    await expect(api.get('/api/v1/me')).rejects.toThrow(ConnectionError);
    await expect(api.get('/api/v1/me')).rejects.toThrow(url);
  });
});

describe('pages', () => {
  const page = (ids: readonly string[], next_cursor: string | null) =>
    json(200, { sessions: ids.map((session_id) => ({ session_id })), pagination: { limit: 2, next_cursor } });

  it('are read one after another, under the same filters', async () => {
    const api = await clientOf(page(['a', 'b'], 'next'), page([], 'more'), page(['c'], null));
    const rows = await Array.fromAsync(api.pages('/api/v1/sessions', { query: { limit: 2, page: 1 } }));
    expect(rows.map(({ session_id }) => session_id)).toEqual(['a', 'b', 'c']);
    expect(server?.seen.map(({ path }) => path)).toEqual([
      '/api/v1/sessions?limit=2&page=1',
      '/api/v1/sessions?limit=2&cursor=next',
      '/api/v1/sessions?limit=2&cursor=more',
    ]);
  });

  it('are not read beyond what is taken', async () => {
    const api = await clientOf(page(['a', 'b'], 'next'));
    for await (const _ of api.pages('/api/v1/sessions')) break;
    expect(server?.seen).toHaveLength(1);
  });
});

describe('a batch', () => {
  const accepted: Script = (response, { body }) => {
    const lines = body.split('\n').filter((line) => line !== '');
    const answers = lines.map((_, at) => JSON.stringify({ line: at + 1, status: 'accepted' }));
    response.writeHead(202, { 'content-type': 'application/x-ndjson' }).end(`${answers.join('\n')}\n`);
  };

  it('goes out in requests of a thousand lines, and is answered line by line over all of them', async () => {
    const api = await clientOf(accepted);
    const lines = Array.from({ length: 2_001 }, (_, at) => JSON.stringify({ at }));
    const answers = await Array.fromAsync(api.batch(lines, { idempotencyKey: 'mine' }));
    expect(answers.map(({ line }) => line)).toEqual(lines.map((_, at) => at + 1));
    expect(server?.seen.map(({ headers }) => headers['idempotency-key'])).toEqual([
      'mine-1',
      'mine-2',
      'mine-3',
    ]);
    expect(server?.seen.map(({ body }) => body).join('')).toBe(`${lines.join('\n')}\n`);
  });

  it('of no lines asks nothing', async () => {
    const api = await clientOf(accepted);
    expect(await Array.fromAsync(api.batch([]))).toEqual([]);
    expect(server?.seen).toEqual([]);
  });

  it('is answered while it is still being sent', async () => {
    server = await startServer((request, response) => {
      response.writeHead(202, { 'content-type': 'application/x-ndjson' }).flushHeaders();
      let line = 0;
      request.on('data', () => response.write(`${JSON.stringify({ line: ++line, status: 'accepted' })}\n`));
      request.on('end', () => response.end());
    });
    const { promise: answered, resolve } = Promise.withResolvers<void>();
    async function* lines() {
      yield '{"n":1}';
      await answered;
      yield '{"n":2}';
    }
    const told: number[] = [];
    for await (const { line } of createClient({ baseUrl: server.url }).batch(lines())) {
      told.push(line);
      resolve();
    }
    expect(told).toEqual([1, 2]);
  });

  it('that is refused as a whole throws, and lets go of its lines', async () => {
    const api = await clientOf(problem(403));
    let isLetGo = false;
    async function* lines() {
      try {
        for (;;) yield '{}';
      } finally {
        isLetGo = true;
      }
    }
    await expect(Array.fromAsync(api.batch(lines()))).rejects.toMatchObject({ status: 403 });
    expect(isLetGo).toBe(true);
  });
});

describe('an export', () => {
  it('comes as bytes, and is never taken for whole when it breaks off', async () => {
    const api = await clientOf(
      (response) => void response.writeHead(200).end('{}\n{}\n'),
      (response) => void response.writeHead(200).write('{}\n', () => response.destroy()),
    );
    const whole = await api.exportReports({ format: 'ndjson', domain_id: 'd' });
    expect(Buffer.concat(await Array.fromAsync(whole)).toString()).toBe('{}\n{}\n');
    expect(server?.seen[0]?.path).toBe('/api/v1/reports/export?format=ndjson&domain_id=d');
    const part = await api.exportReports({ format: 'ndjson' });
    await expect(Array.fromAsync(part)).rejects.toThrow(ConnectionError);
  });
});

describe('an image', () => {
  it('is put where the API says, without the credential', async () => {
    const api = await clientOf(
      (response) =>
        json(201, { image_url: 'stored', upload_url: `${server?.url}/put` })(response, {
          method: '',
          path: '',
          headers: {},
          body: '',
        }),
      json(200, {}),
    );
    expect(await api.uploadImage(new Uint8Array([1, 2, 3]), 'image/png')).toBe('stored');
    const [asked, put] = server?.seen ?? [];
    expect(JSON.parse(asked?.body ?? '')).toEqual({ content_type: 'image/png', size_bytes: 3 });
    expect(put).toMatchObject({ method: 'PUT', path: '/put', body: '\u0001\u0002\u0003' });
    expect([put?.headers.authorization, put?.headers['content-type']]).toEqual([undefined, 'image/png']);
  });
});

it('gives the answer as it is, where that is asked for', async () => {
  const api = await clientOf(problem(404));
  const response = await api.exchange('POST', '/nowhere', { body: 'not json' });
  expect([response.status, server?.seen[0]?.body]).toEqual([404, 'not json']);
});

it('tells of the head of an answer and of a refusal', async () => {
  const api = await clientOf(json(200, {}, { etag: '"7"' }), problem(404));
  const heads: unknown[] = [];
  const onHead = ({ status, headers }: Pick<Response, 'status' | 'headers'>) =>
    void heads.push([status, headers.get('etag')]);
  await api.get('/api/v1/me', { onHead });
  await expect(api.get('/api/v1/me', { onHead })).rejects.toThrow(ApiError);
  expect(heads).toEqual([
    [200, '"7"'],
    [404, null],
  ]);
});

it('takes no part of an answer for the whole', async () => {
  const api = await clientOf((response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
    response.write('{"id": "u', () => response.destroy());
  });
  await expect(api.get('/api/v1/me')).rejects.toThrow(ConnectionError);
});
