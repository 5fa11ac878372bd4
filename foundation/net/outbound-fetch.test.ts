// The guard of calls to URLs of tenants, against real servers on this machine. Names are resolved by each test itself.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { networkOf } from './address.ts';
import type { GuardPolicy, Resolve } from './guarded-connect.ts';
import { createOutbound, type Outbound, type OutboundRequest } from './outbound-fetch.ts';
import { toolCertificate, toolKey } from './tool-certificate.for-test.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface TestServer {
  readonly port: number;
  readonly seen: Seen[];
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A server on 127.0.0.1 that notes what it is asked. */
async function serve(
  answer: RequestListener = (_request, response) => response.end('found'),
): Promise<TestServer> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    const body = (await request.toArray()).join('');
    seen.push({ method, url, headers, body });
    answer(request, response);
  });
  return { port: await listen(server), seen };
}

function redirecting(location: (port: number) => string, status = 302): Promise<TestServer> {
  const made: Promise<TestServer> = serve((request, response) => {
    if (request.url !== '/') return response.end('arrived');
    void made.then(({ port }) => response.writeHead(status, { location: location(port) }).end());
  });
  return made;
}

const here = networkOf('127.0.0.1');
const resolveHere: Resolve = async () => ['127.0.0.1'];

function open(policy: Partial<GuardPolicy> = {}): Outbound {
  const outbound = createOutbound({ allowed: here ? [here] : [], resolve: resolveHere, ...policy });
  closing.push(() => outbound.close());
  return outbound;
}

const bounds = { bodyBytesMax: 1_000, timeoutMs: 10_000 };

async function textOf(outbound: Outbound, url: string, more: Partial<OutboundRequest> = {}): Promise<string> {
  return (await outbound.fetch(url, { ...bounds, ...more })).text();
}

const failed = (failure: string) => ({ name: 'OutboundFailed', failure });

describe('a host', () => {
  it.each([
    [['10.0.0.1']],
    [['169.254.169.254']],
    [['100.64.0.1']],
    [['0.0.0.0']],
    [['::1']],
    [['::ffff:127.0.0.1']],
    [['fe80::1%eth0']],
    [['fd00:ec2::254']],
    [['64:ff9b::7f00:1']],
    [['93.184.216.34', '127.0.0.1']],
    [['127.0.0.1', '2606:2800:220:1::1']],
  ])('that resolves to %j is not called outside the allowed networks', async (addresses) => {
    const { port, seen } = await serve();
    const asked: string[] = [];
    const resolve: Resolve = async (name) => {
      asked.push(name);
      return addresses;
    };
    const calling = textOf(open({ allowed: [], resolve }), `https://tool.example:${port}/`);
    await expect(calling).rejects.toMatchObject(failed('refused'));
    await expect(calling).rejects.not.toThrow(/\d+\.\d+\.\d+/);
    expect(asked).toEqual(['tool.example']);
    expect(seen).toEqual([]);
  });

  it('inside the allowed networks is called, also by http', async () => {
    const { port, seen } = await serve();
    expect(await textOf(open(), `http://tool.example:${port}/path?x=1`)).toBe('found');
    expect(seen).toMatchObject([
      { method: 'GET', url: '/path?x=1', headers: { host: `tool.example:${port}` } },
    ]);
  });

  it('is not called by http where one of its addresses lies outside the allowed networks', async () => {
    const { port, seen } = await serve();
    const resolve: Resolve = async () => ['127.0.0.1', '93.184.216.34'];
    const calling = textOf(open({ resolve }), `http://tool.example:${port}/`);
    await expect(calling).rejects.toMatchObject(failed('refused'));
    expect(seen).toEqual([]);
  });

  it('is resolved once for each call: a second answer leads nowhere else', async () => {
    const { port, seen } = await serve();
    const answers = [['127.0.0.1'], ['10.0.0.1']];
    const outbound = open({ resolve: async () => answers.shift() ?? [] });
    expect(await textOf(outbound, `http://tool.example:${port}/`)).toBe('found');
    expect(answers).toHaveLength(1);
    await expect(textOf(outbound, `http://tool.example:${port}/`)).rejects.toMatchObject(failed('refused'));
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['nowhere', async () => []],
    ['with an error', () => Promise.reject(new Error('ENOTFOUND'))],
  ])('that resolves %s is unreachable', async (_name, resolve) => {
    await expect(textOf(open({ resolve }), 'http://tool.example/')).rejects.toMatchObject(
      failed('unreachable'),
    );
  });

  it('whose name is not resolved in time ends the call, and holds up no closing', async () => {
    const outbound = open({ resolve: () => new Promise(() => {}) });
    const calling = textOf(outbound, 'http://tool.example/', { timeoutMs: 50 });
    await expect(calling).rejects.toMatchObject(failed('timed_out'));
    await outbound.close();
  });

  it('where nobody listens is unreachable', async () => {
    const { port } = await serve();
    await closing.pop()?.();
    const calling = textOf(open(), `http://127.0.0.1:${port}/`);
    await expect(calling).rejects.toMatchObject(failed('unreachable'));
  });
});

describe('a URL', () => {
  it.each([
    'http://127.0.0.2/',
    'http://2130706434/',
    'http://0x7f.0.0.2/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.2]/',
    'http://127。0。0。2/',
    'https://①②⑦.0.0.2/',
    'https://169.254.169.254/latest/meta-data',
    'https://metadata.google.internal/',
    'https://ⓜetadata.google.internal/',
    'http://user:secret@tool.example/',
    'file:///etc/passwd',
    'data:text/plain,found',
    'tool.example',
  ])('%s is refused before any name is resolved', async (url) => {
    const resolve: Resolve = () => Promise.reject(new Error('asked'));
    await expect(textOf(open({ resolve }), url)).rejects.toMatchObject(failed('refused'));
  });

  it.each(['http://127.0.0.1', 'http://[::ffff:127.0.0.1]', 'http://localhost'])(
    '%s is called where the allowed networks hold it',
    async (origin) => {
      const { port } = await serve();
      expect(await textOf(open(), `${origin}:${port}/`)).toBe('found');
    },
  );

  it('by https names the host whose certificate is asked for, and trusts no other', async () => {
    const server = createTlsServer({ cert: toolCertificate, key: toolKey }, (_request, response) =>
      response.end('safe'),
    );
    const port = await listen(server as unknown as Server);
    const trusting = open({ ca: toolCertificate });
    expect(await textOf(trusting, `https://tool.example:${port}/`)).toBe('safe');
    for (const [outbound, name] of [
      [trusting, 'other.example'],
      [open(), 'tool.example'],
    ] as const) {
      const calling = textOf(outbound, `https://${name}:${port}/`);
      await expect(calling).rejects.toMatchObject(failed('unreachable'));
    }
  });
});

describe('a redirect', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data',
    'https://169.254.169.254/',
    'http://127.0.0.2/',
    'http://[::1]/',
    'http://user:secret@tool.example/',
    'file:///etc/passwd',
    'http://',
    'https://internal.example/',
  ])('to %s is refused', async (location) => {
    const { port, seen } = await redirecting(() => location);
    const resolve: Resolve = async (name) => [name === 'internal.example' ? '10.0.0.1' : '127.0.0.1'];
    const calling = textOf(open({ resolve }), `http://tool.example:${port}/`);
    await expect(calling).rejects.toMatchObject(failed('refused'));
    expect(seen).toHaveLength(1);
  });

  it.each([
    [301, 'GET', ''],
    [302, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', '{"a":1}'],
    [308, 'POST', '{"a":1}'],
  ])('with the status %i makes a POST a %s', async (status, method, body) => {
    const { port, seen } = await redirecting(() => '/next#part', status);
    const sent = {
      method: 'POST',
      body: '{"a":1}',
      headers: { authorization: 'Bearer s', 'content-type': 'application/json' },
    };
    expect(await textOf(open(), `http://tool.example:${port}/`, sent)).toBe('arrived');
    expect(seen[1]).toMatchObject({ method, body, url: '/next', headers: { authorization: 'Bearer s' } });
    expect(seen[1]?.headers['content-type']).toBe(method === 'POST' ? 'application/json' : undefined);
  });

  it('to another origin carries no credentials', async () => {
    const other = await serve();
    const { port } = await redirecting(() => `http://tool.example:${other.port}/`);
    const headers = { Authorization: 'Bearer s', cookie: 's', 'x-api-key': 's', Accept: 'application/json' };
    await textOf(open(), `http://tool.example:${port}/`, { headers });
    const [seen] = other.seen;
    expect(seen?.headers.accept).toBe('application/json');
    expect(Object.values(seen?.headers ?? {}).join()).not.toMatch(/\bs\b/);
    expect(seen?.headers).not.toHaveProperty('cookie');
  });

  it('is followed five times and not more, or as often as the call says', async () => {
    const { port, seen } = await redirecting(() => '/');
    const url = `http://tool.example:${port}/`;
    await expect(textOf(open(), url)).rejects.toMatchObject(failed('too_many_redirects'));
    expect(seen).toHaveLength(6);
    await expect(textOf(open(), url, { redirectsMax: 0 })).rejects.toMatchObject(
      failed('too_many_redirects'),
    );
    expect(seen).toHaveLength(7);
  });

  it('without a place is an answer', async () => {
    const { port } = await serve((_request, response) => response.writeHead(302).end('stay'));
    expect(await textOf(open(), `http://tool.example:${port}/`)).toBe('stay');
  });
});

describe('an answer', () => {
  it('of any status is answered, without a body where its status has none', async () => {
    const { port } = await serve((request, response) => {
      response.writeHead(Number(request.url?.slice(1)), { 'x-kind': 'test' }).end();
    });
    for (const status of [200, 204, 304, 404, 503]) {
      const answer = await open().fetch(`http://tool.example:${port}/${status}`, bounds);
      expect([answer.status, answer.headers.get('x-kind'), await answer.text()]).toEqual([
        status,
        'test',
        '',
      ]);
    }
  });

  it('may have as many bytes as the call says, and not one more', async () => {
    const { port } = await serve((request, response) =>
      response.end('x'.repeat(Number(request.url?.slice(1)))),
    );
    expect(await textOf(open(), `http://tool.example:${port}/1000`)).toHaveLength(1_000);
    const calling = textOf(open(), `http://tool.example:${port}/1001`);
    await expect(calling).rejects.toMatchObject(failed('too_large'));
  });

  it('is counted as it is after decompression, and read no further than its bound', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const { port } = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    );
    const read: number[] = [];
    const reading = async () => {
      const answer = await open().fetch(`http://tool.example:${port}/`, { ...bounds, bodyBytesMax: 100_000 });
      for await (const chunk of answer.body ?? []) read.push(chunk.byteLength);
    };
    await expect(reading()).rejects.toMatchObject(failed('too_large'));
    expect(read.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(100_000);
  });

  it('that was decompressed is not said to be compressed', async () => {
    const { port } = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('found')),
    );
    const answer = await open().fetch(`http://tool.example:${port}/`, bounds);
    expect([await answer.text(), answer.headers.has('content-encoding')]).toEqual(['found', false]);
  });

  it.each([
    ['does not begin', () => {}],
    ['does not end', (response: { write(text: string): void }) => response.write('x')],
  ])('that %s in time ends the call, whether or not its caller may end it', async (_name, begin) => {
    const { port } = await serve((_request, response) => begin(response));
    const { signal } = new AbortController();
    for (const more of [{}, { signal }]) {
      const calling = textOf(open(), `http://tool.example:${port}/`, { timeoutMs: 50, ...more });
      await expect(calling).rejects.toMatchObject(failed('timed_out'));
    }
  });

  it('that breaks off is unreachable', async () => {
    const { port } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '10' }).write('x', () => response.destroy());
    });
    const calling = textOf(open(), `http://tool.example:${port}/`);
    await expect(calling).rejects.toMatchObject(failed('unreachable'));
  });
});

describe('a caller', () => {
  it('that ends its call is told its own reason', async () => {
    const ending = new AbortController();
    const reason = new Error('enough');
    const { port } = await serve(() => ending.abort(reason));
    const calling = textOf(open(), `http://tool.example:${port}/`, { signal: ending.signal });
    await expect(calling).rejects.toBe(reason);
  });
});
