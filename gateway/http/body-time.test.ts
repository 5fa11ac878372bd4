// Bodies that do not arrive: refused in time, and only where a body is waited for.
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { systemClock } from '../../foundation/clock.ts';
import { createTelemetry } from '../../foundation/telemetry/telemetry.ts';
import { createHttpServer } from './server.ts';

describe('a body that does not arrive', () => {
  const telemetry = createTelemetry({
    service: 'gateway',
    version: '0',
    logLevel: 'silent',
    processMetrics: false,
    otlp: undefined,
  });
  let app: FastifyInstance;
  let port = 0;
  beforeAll(async () => {
    const options = { telemetry, clock: systemClock, corsOrigins: [], draining: () => false };
    app = createHttpServer({ ...options, clientTimes: { headMs: 60_000, bodyMs: 20, quietMs: 60_000 } });
    app.post('/whole', async () => ({ taken: true }));
    await app.listen({ host: '127.0.0.1', port: 0 });
    port = (app.server.address() as AddressInfo).port;
  });
  afterAll(async () => {
    await app.close();
    await telemetry.shutdown();
  });

  async function answerTo(request: string): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    socket.write(request.replaceAll('\n', '\r\n'));
    let text = '';
    for await (const part of socket) text += String(part);
    return text;
  }

  const head = 'POST /whole HTTP/1.1\nHost: x\nContent-Type: application/json\n';

  it('is answered with 408, and its connection ends', async () => {
    const answer = await answerTo(`${head}Content-Length: 10\n\n{"a"`);
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(answer).toContain('application/problem+json');
  });

  it('is no body of a request that has arrived whole', async () => {
    const answer = await answerTo(`${head}Connection: close\nContent-Length: 2\n\n{}`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });
});
