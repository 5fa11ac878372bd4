// Requests that are too large, too slow or ambiguous: refused early, as a problem, and without harm to the next one.
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { systemClock } from '../../foundation/clock.ts';
import { createTelemetry } from '../../foundation/telemetry/telemetry.ts';
import { bodyBytesMax } from './json-body.ts';
import { headerFieldsMax, urlLengthMax } from './request-limits.ts';
import { createHttpServer } from './server.ts';

/** More than the buffers between two sockets of a machine hold. */
const largeBytes = 64_000_000;

const telemetry = createTelemetry({
  ...{ service: 'gateway', version: '0', logLevel: 'silent', processMetrics: false },
  otlp: undefined,
});
const seen: string[] = [];
const servers: FastifyInstance[] = [];

async function serve(times: { headMs: number; quietMs: number }): Promise<number> {
  const clientTimes = { bodyMs: 60_000, ...times };
  const options = { telemetry, clock: systemClock, corsOrigins: [], draining: () => false };
  const app = createHttpServer({ ...options, clientTimes });
  app.post('/echo/:name', async ({ params }) => {
    seen.push((params as { name: string }).name);
    return params;
  });
  app.get('/echo/:name', async ({ params }) => params);
  app.get('/large', async (_request, reply) => reply.type('text/plain').send(Buffer.alloc(largeBytes)));
  await app.listen({ host: '127.0.0.1', port: 0 });
  servers.push(app);
  return (app.server.address() as AddressInfo).port;
}

let port = 0;
beforeAll(async () => {
  port = await serve({ headMs: 60_000, quietMs: 60_000 });
});
afterAll(async () => {
  for (const app of servers) await app.close();
  await telemetry.shutdown();
});

function send(text: string, to = port): Socket {
  const socket = connect(to, '127.0.0.1');
  socket.on('error', () => undefined); // a connection that ends while something is sent is what some of these tests are about
  socket.write(text.replaceAll('\n', '\r\n'));
  return socket;
}

async function answersTo(text: string, to = port): Promise<string> {
  let all = '';
  for await (const part of send(text, to)) all += String(part);
  return all;
}

const head = 'Host: x\nConnection: close\n';
const fields = (count: number) => Array.from({ length: count }, (_, at) => `x-${at}: 1\n`).join('');

describe('the head of a request', () => {
  it.each([
    ['a path of as many characters as may be', urlLengthMax, 200],
    ['a path of one more', urlLengthMax + 1, 414],
    ['a path that is as long as a whole head may be', 20_000, 431],
  ])('is taken or refused with %s', async (_what, length, status) => {
    const path = `/echo/a?${'q'.repeat(length - '/echo/a?'.length)}`;
    const answer = await answersTo(`GET ${path} HTTP/1.1\n${head}\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    if (status !== 200) expect(answer).toContain('application/problem+json');
  });

  it.each([
    ['as many fields as may be', headerFieldsMax - 2, 200],
    ['one more', headerFieldsMax - 1, 431],
    ['more than the parser counts', 2_500, 431],
  ])('is taken or refused with %s', async (_what, count, status) => {
    const answer = await answersTo(`GET /echo/a HTTP/1.1\n${head}${fields(count)}\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    if (status !== 200) expect(answer).toContain('application/problem+json');
  });

  it('that does not arrive is answered with 408, and its connection ends', async () => {
    const slow = await serve({ headMs: 60, quietMs: 60_000 });
    expect(await answersTo('GET /echo/a HTTP/1.1\nHost: x\nx-slow: ', slow)).toMatch(/^HTTP\/1.1 408 /);
  });
});

describe('a body that is too large', () => {
  it('is refused before a byte of it is sent where its length is told', async () => {
    const told = `${head}Content-Type: application/json\nContent-Length: ${bodyBytesMax + 1}\n`;
    expect(await answersTo(`POST /echo/a HTTP/1.1\n${told}\n`)).toMatch(/^HTTP\/1.1 413 /);
    expect(seen).toEqual([]);
  });

  it('is refused as soon as it is one where its length is not told', async () => {
    const chunk = (bodyBytesMax + 1).toString(16);
    const told = `${head}Content-Type: application/json\nTransfer-Encoding: chunked\n`;
    const text = `POST /echo/a HTTP/1.1\n${told}\n${chunk}\n${' '.repeat(bodyBytesMax + 1)}`;
    expect(await answersTo(text)).toMatch(/^HTTP\/1.1 413 /);
    expect(seen).toEqual([]);
  });
});

describe('a request whose end can be read in two ways', () => {
  const hidden = 'POST /echo/hidden HTTP/1.1\nHost: x\nContent-Length: 0\n\n';
  it.each([
    ['a length and chunks', `Content-Length: 5\nTransfer-Encoding: chunked\n\n0\n\n${hidden}`],
    ['two lengths', `Content-Length: 0\nContent-Length: ${hidden.length}\n\n${hidden}`],
    ['a length that is no number', `Content-Length: +0\n\n${hidden}`],
    ['chunks that are not the last encoding', `Transfer-Encoding: chunked, identity\n\n0\n\n${hidden}`],
    ['an encoding that is written otherwise', `Transfer-Encoding : chunked\n\n0\n\n${hidden}`],
    ['a size of a chunk that is no number', `Transfer-Encoding: chunked\n\n0x0\n\n${hidden}`],
  ])('is refused with %s, and nothing after it is a request', async (_what, rest) => {
    const answer = await answersTo(
      `POST /echo/outer HTTP/1.1\nHost: x\nContent-Type: application/json\n${rest}`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer.match(/HTTP\/1.1/g)).toHaveLength(1);
    expect(seen).not.toContain('hidden');
  });
});

describe('a connection', () => {
  it('answers requests that are sent ahead in their order', async () => {
    const ask = (name: string) => `GET /echo/${name} HTTP/1.1\nHost: x\n\n`;
    const last = `GET /echo/last HTTP/1.1\n${head}\n`;
    const answer = await answersTo(['one', 'two', 'three'].map(ask).join('') + last);
    const names = [...answer.matchAll(/\{"name":"(\w+)"\}/g)].map(([, name]) => name);
    expect(names).toEqual(['one', 'two', 'three', 'last']);
  });

  it('ends when its client does not read the answer', async () => {
    const impatient = await serve({ headMs: 60_000, quietMs: 100 });
    const [app] = servers.slice(-1);
    const socket = send(`GET /large HTTP/1.1\n${head}\n`, impatient);
    socket.pause();
    try {
      while ((await connections(app)) === 0) await new Promise(setImmediate);
      while ((await connections(app)) > 0) await new Promise(setImmediate);
    } finally {
      socket.destroy();
    }
  });
});

function connections(app: FastifyInstance | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    app?.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}
