// Calls of one message over a connection to a server that answers as it likes: what becomes of the call, and what the server is told.

import { once } from 'node:events';
import {
  constants,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { create, toBinary } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  GetSessionResponseSchema,
  SessionService,
} from '../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import { createReplicaSession, type ReplicaSession } from './replica-session.ts';
import { createUnaryTransport } from './unary-transport.ts';

type Answer = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

const method = SessionService.method.getSession;
const answerOf = (title: string) =>
  toBinary(GetSessionResponseSchema, create(GetSessionResponseSchema, { session: { title } }));
const ok = { ':status': 200, 'content-type': 'application/proto' };

describe('a call of one message', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  async function startServer(answer: Answer): Promise<Http2Server> {
    const server = createServer();
    server.on('stream', (stream, headers) => {
      stream.on('error', () => undefined);
      answer(stream, headers);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
    return server;
  }
  function call(session: ReplicaSession, options: { signal?: AbortSignal; timeoutMs?: number } = {}) {
    closing.push(() => session.close());
    const { unary } = createUnaryTransport(session, []);
    return unary(method, options.signal, options.timeoutMs ?? 5_000, undefined, { sessionId: 's' });
  }
  const sessionTo = (server: Http2Server) =>
    createReplicaSession(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

  it('takes an answer of many frames whole, beyond what may be on the way at once', async () => {
    const title = 'long '.repeat(60_000);
    const server = await startServer((stream) => {
      stream.respond({ ...ok, 'x-told': 'a', 'trailer-x-told': 'b' });
      stream.end(answerOf(title));
    });
    const { message, header, trailer } = await call(sessionTo(server));
    expect(message.session?.title).toBe(title);
    expect([header.get('x-told'), trailer.get('x-told')]).toEqual(['a', 'b']);
  });

  it('says how long its message is', async () => {
    const lengths: unknown[] = [];
    const server = await startServer((stream, headers) => {
      stream.on('data', (chunk) => lengths.push(headers['content-length'], String(chunk.length)));
      stream.respond(ok);
      stream.end(answerOf('told'));
    });
    await call(sessionTo(server));
    expect(lengths).toEqual(['3', '3']);
  });

  it('fails when the answer is reset in the middle, whatever the code', async () => {
    for (const code of [constants.NGHTTP2_CANCEL, constants.NGHTTP2_INTERNAL_ERROR]) {
      const server = await startServer((stream) => {
        stream.respond({ ...ok, 'content-length': 1_000 });
        stream.write(answerOf('half of it'), () => stream.close(code));
      });
      await expect(call(sessionTo(server))).rejects.toThrow(/closed with/i);
    }
  });

  it('fails when the connection ends in the middle of the answer', async () => {
    const server = await startServer((stream) => {
      stream.respond(ok);
      stream.write(answerOf('half of it'), () => stream.session?.destroy());
    });
    await expect(call(sessionTo(server))).rejects.toThrow();
  });

  it('ends at its time, and the server is told that nobody waits any more', async () => {
    const codes = Promise.withResolvers<number | undefined>();
    const server = await startServer((stream) => stream.once('close', () => codes.resolve(stream.rstCode)));
    await expect(call(sessionTo(server), { timeoutMs: 50 })).rejects.toMatchObject({
      code: Code.DeadlineExceeded,
    });
    await expect(codes.promise).resolves.toBe(constants.NGHTTP2_CANCEL);
  });

  it('ends with its caller, with the reason that was given', async () => {
    const leave = new AbortController();
    const server = await startServer(() => leave.abort(new Error('enough')));
    await expect(call(sessionTo(server), { signal: leave.signal })).rejects.toMatchObject({
      ...{ code: Code.Canceled, rawMessage: 'enough' },
    });
  });

  it('does not wait for a connection longer than it has time', async () => {
    const session = createReplicaSession('http://nowhere.test:80', {
      lookup: () => undefined,
      connectTimeoutMs: 600_000,
    });
    await expect(call(session, { timeoutMs: 50 })).rejects.toMatchObject({ code: Code.DeadlineExceeded });
  });

  it('is not sent when its caller has gone before, and told to be so', async () => {
    const server = await startServer(() => {
      throw new Error('a call came');
    });
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(call(sessionTo(server), { signal })).rejects.toMatchObject({ rawMessage: 'gone' });
  });

  it('is not reset once it is answered', async () => {
    const codes: (number | undefined)[] = [];
    const server = await startServer((stream) => {
      stream.once('close', () => codes.push(stream.rstCode));
      stream.respond(ok);
      stream.end(answerOf('all'));
    });
    const session = sessionTo(server);
    for (let i = 0; i < 20; i += 1) await call(session);
    expect(codes.filter((code) => code !== constants.NGHTTP2_NO_ERROR)).toEqual([]);
    expect(codes.length).toBeGreaterThan(10);
  });

  it('refuses an answer that is compressed or of another type, since it asked for neither', async () => {
    const answers = [
      { ...ok, 'content-encoding': 'gzip' },
      { ...ok, 'content-type': 'application/json' },
      { ...ok, 'content-type': 'text/html' },
    ];
    for (const headers of answers) {
      const server = await startServer((stream) => {
        stream.respond(headers);
        stream.end(answerOf('what?'));
      });
      await expect(call(sessionTo(server))).rejects.toThrow(/unsupported/);
    }
  });

  it('tells an error of the server with its code and its metadata', async () => {
    const server = await startServer((stream) => {
      stream.respond({ ':status': 404, 'content-type': 'application/json', 'x-told': 'a' });
      stream.end(JSON.stringify({ code: 'not_found', message: 'no such session' }));
    });
    const error = await call(sessionTo(server)).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: Code.NotFound, rawMessage: 'no such session', isWireError: true });
    expect(error.metadata.get('x-told')).toBe('a');
  });

  it('takes what is no answer of a service for a method that is not there', async () => {
    const server = await startServer((stream) => {
      stream.respond({ ':status': 404, 'content-type': 'text/plain' });
      stream.end('not here');
    });
    await expect(call(sessionTo(server))).rejects.toMatchObject({ code: Code.Unimplemented });
  });
});
