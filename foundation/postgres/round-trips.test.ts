// How often a read waits for the server, seen from a proxy that keeps answers back.
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../local/databases/free-port.ts';
import { type OwnTestDatabases, startOwnTestDatabases } from '../../local/databases/test-databases.ts';
import { newId } from '../ids/ids.ts';
import { createPostgres } from './pool.ts';

let databases: OwnTestDatabases;

/** A way to the server that can keep its answers back: `isHeld` decides, from what the client has sent so far. */
async function startProxy(port: number, isHeld: (sent: string) => boolean): Promise<Server> {
  const upstreamPort = Number(new URL(databases.adminUrl).port);
  const pass = (client: Socket): void => {
    const upstream = connect(upstreamPort, '127.0.0.1');
    const answers: Buffer[] = [];
    let sent = '';
    const flush = (): void => {
      while (answers.length > 0 && !isHeld(sent)) client.write(answers.shift() ?? '');
    };
    client.on('data', (chunk) => {
      sent += chunk.toString('latin1');
      upstream.write(chunk);
      flush();
    });
    upstream.on('data', (chunk) => {
      answers.push(chunk);
      flush();
    });
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  };
  const server = createServer(pass).listen(port, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return server;
}

beforeAll(async () => {
  databases = await startOwnTestDatabases();
}, 30_000);

afterAll(() => databases.stop());

describe('a tenant read', () => {
  it('sends its tenant and its statement before either is answered, and waits for no commit', async () => {
    let armed = false;
    const port = await freePort();
    const isHeld = (sent: string): boolean =>
      armed && (!sent.includes('select 42') || sent.includes('commit'));
    const proxy = await startProxy(port, isHeld);
    const url = Object.assign(new URL(databases.adminUrl), { port: String(port) }).toString();
    const postgres = createPostgres({
      url,
      applicationName: 'test',
      sizeMax: 1,
      acquireTimeoutMs: 5_000,
      onError: () => undefined,
    });
    await postgres.ping();
    armed = true;
    const text = 'select 42 as answer';
    const { rows } = await postgres.tenantRead(newId(), (client) =>
      client.query({ name: 'test.answer', text }),
    );
    expect(rows).toEqual([{ answer: 42 }]);
    armed = false;
    proxy.close();
    proxy.unref();
    await databases.stop();
    await postgres.close();
  }, 30_000);
});
