// Connections that nobody uses: when they are closed, and that nothing holds them afterwards.
import { once } from 'node:events';
import { type ClientHttp2Session, connect, createServer, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from '@jest/globals';
import { pause } from '../../local/pause.for-test.ts';
import { closeIdleSessions } from './idle-sessions.ts';

const open: { destroy(): void }[] = [];
let server: Http2Server | undefined;

afterEach(() => {
  for (const one of open.splice(0)) one.destroy();
  server?.close();
});

/** A server that answers `/` and lets every other call wait. */
async function serve(idleMs: number): Promise<Http2Server> {
  server = createServer((request, response) => void (request.url === '/' && response.end()));
  closeIdleSessions(server, idleMs);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function connectTo(to: Http2Server): Promise<ClientHttp2Session> {
  const client = connect(`http://127.0.0.1:${(to.address() as AddressInfo).port}`);
  open.push(client);
  await once(client, 'connect');
  return client;
}

async function call(client: ClientHttp2Session): Promise<void> {
  const stream = client.request({ ':path': '/' });
  stream.resume();
  await once(stream, 'close');
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

describe('sessions', () => {
  it('are closed in order once nobody has called for a while, also when nobody ever did', async () => {
    const to = await serve(20);
    const [used, unused] = [await connectTo(to), await connectTo(to)];
    const farewells = [once(used, 'goaway'), once(unused, 'goaway')];
    await call(used);
    expect((await Promise.all(farewells)).map(([code]) => code)).toEqual([0, 0]);
  });

  it('stay as long as a call is under way', async () => {
    const to = await serve(20);
    const busy = await connectTo(to);
    let left = false;
    busy.once('goaway', () => {
      left = true;
    });
    const waiting = busy.request({ ':path': '/waits' });
    await once(to, 'stream');
    for (let later = 0; later < 3; later += 1) await once(await connectTo(to), 'goaway');
    expect(left).toBe(false);
    const farewell = once(busy, 'goaway');
    waiting.close();
    await farewell;
  });

  it('that have ended are held by nothing, long before they would have been idle', async () => {
    const to = await serve(600_000);
    const ended: WeakRef<object>[] = [];
    to.on('session', (session) => ended.push(new WeakRef(session)));
    for (let count = 0; count < 3; count += 1) {
      const client = await connectTo(to);
      await call(client);
      client.close();
      await once(client, 'close');
      const cut = await connectTo(to);
      cut.request({ ':path': '/waits' }).on('error', () => undefined);
      await once(to, 'stream');
      cut.destroy();
    }
    while (ended.some((session) => session.deref() !== undefined)) {
      await pause();
      collectGarbage();
    }
    expect(ended).toHaveLength(6);
  });
});
