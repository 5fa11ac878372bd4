// Connections without a request do not hold up a server that closes; those with one do.
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from '@jest/globals';
import { systemClock } from '../../foundation/clock.ts';
import { createTelemetry } from '../../foundation/telemetry/telemetry.ts';
import { createHttpServer } from './server.ts';

it('a server that closes ends connections on which nothing came, and lets a request end that is under way', async () => {
  const telemetry = createTelemetry({
    ...{ service: 'gateway', version: '0', logLevel: 'silent', processMetrics: false },
    otlp: undefined,
  });
  const app = createHttpServer({ telemetry, clock: systemClock, corsOrigins: [], draining: () => true });
  const [begun, mayEnd] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  app.get('/slow', async () => {
    begun.resolve();
    await mayEnd.promise;
    return { done: true };
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const silent = connect(port, '127.0.0.1');
  const accepted = once(app.server, 'connection');
  await Promise.all([once(silent, 'connect'), accepted]);
  const busy = connect(port, '127.0.0.1');
  busy.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
  const answer = text(busy);
  await begun.promise;
  const closed = app.close();
  await once(silent, 'close');
  mayEnd.resolve();
  expect(await answer).toContain('{"done":true}');
  await closed;
  await telemetry.shutdown();
}, 10_000);

it('a server that closes answers what open connections still bring for a while, and takes no new ones', async () => {
  const telemetry = createTelemetry({
    ...{ service: 'gateway', version: '0', logLevel: 'silent', processMetrics: false },
    otlp: undefined,
  });
  const draining = () => true;
  const closeGraceMs = 9_000;
  const app = createHttpServer({ telemetry, clock: systemClock, corsOrigins: [], draining, closeGraceMs });
  app.get('/quick', async () => ({ done: true }));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const idle = connect(port, '127.0.0.1');
  await Promise.all([once(idle, 'connect'), once(app.server, 'connection')]);
  const answer = text(idle);
  const closed = app.close();
  await once(connect(port, '127.0.0.1'), 'error'); // nobody listens any more
  idle.write('GET /quick HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(await answer).toContain('{"done":true}');
  await closed; // long before the time is up, since no connection is left
  await telemetry.shutdown();
}, 5_000);
