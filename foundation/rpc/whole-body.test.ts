// Bodies of requests that end as they should, too late, too large or not at all.
import { once } from 'node:events';
import { type ClientHttp2Session, connect, createServer, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Code } from '@connectrpc/connect';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { wholeBody } from './whole-body.ts';

describe('the body of a request', () => {
  let server: Http2Server;
  let connection: ClientHttp2Session;
  let begun: Promise<unknown>;
  let body: Promise<Uint8Array>;
  let askLate: boolean;

  beforeEach(async () => {
    askLate = false;
    const { promise, resolve } = Promise.withResolvers<Uint8Array>();
    const begin = Promise.withResolvers<void>();
    [body, begun] = [promise, begin.promise];
    server = createServer();
    server.on('stream', (stream) => {
      stream.on('error', () => undefined);
      const ask = () => begin.resolve(resolve(wholeBody(stream, 10)));
      // Some turns pass before a call is let in.
      if (askLate) stream.once('close', () => setImmediate(ask));
      else setImmediate(() => setImmediate(ask));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    connection = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterEach(() => {
    connection.destroy();
    server.close();
  });
  const open = () => connection.request({ ':method': 'POST' }).on('error', () => undefined);

  it('is there whole, also when it came before anybody asked', async () => {
    open().end('0123456789');
    expect(Buffer.from(await body).toString()).toBe('0123456789');
  });

  it('may have no byte', async () => {
    open().end();
    expect(await body).toHaveLength(0);
  });

  it('is refused when it is too large, however it comes', async () => {
    const stream = open();
    stream.write('01234');
    stream.end('567890');
    await expect(body).rejects.toMatchObject({ code: Code.ResourceExhausted });
  });

  it('is given up when the caller goes before its end', async () => {
    open().write('01234');
    await begun;
    connection.destroy();
    await expect(body).rejects.toMatchObject({ code: Code.Aborted });
  });

  it('is given up when the caller has gone before anybody asked', async () => {
    askLate = true;
    open().write('01234');
    await once(server, 'stream');
    connection.destroy();
    await expect(body).rejects.toMatchObject({ code: Code.Aborted });
  });
});
