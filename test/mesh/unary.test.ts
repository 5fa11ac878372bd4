// Calls of one message as a server takes them from its connections: whatever comes, handlers are told the truth and the caller gets an answer.

import { once } from 'node:events';
import { type ClientHttp2Session, connect, constants } from 'node:http2';
import { text } from 'node:stream/consumers';
import { create, toBinary } from '@bufbuild/protobuf';
import type { HandlerContext } from '@connectrpc/connect';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CreateSessionRequestSchema,
  SessionService,
} from '../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import { createTestMesh, type TestMesh, type TestReplica } from './test-mesh.ts';

const path = '/domainflow.sessions.v1.SessionService/CreateSession';
const request = Buffer.from(
  toBinary(CreateSessionRequestSchema, create(CreateSessionRequestSchema, { title: 'long' })),
);

describe('a call of one message', () => {
  let mesh: TestMesh;
  let server: TestReplica;
  let connection: ClientHttp2Session;
  let titles: string[];
  let contexts: HandlerContext[];
  let work: () => Promise<void>;

  beforeEach(async () => {
    titles = [];
    contexts = [];
    work = async () => undefined;
    mesh = await createTestMesh();
    const createSession = async ({ title }: { title: string }, context: HandlerContext) => {
      titles.push(title);
      contexts.push(context);
      context.responseHeader.set('x-told', 'a');
      context.responseTrailer.set('x-told', 'b');
      await work();
      return { session: { title } };
    };
    server = await mesh.start({ sessions: { createSession } });
    connection = connect(`http://${server.address}`);
  });
  afterEach(async () => {
    connection.destroy();
    await mesh.close();
  });

  function open(headers: Record<string, string> = {}) {
    const stream = connection.request({
      ...{ ':method': 'POST', ':path': path, 'content-type': 'application/proto' },
      ...{ authorization: `Bearer ${mesh.token()}`, 'connect-timeout-ms': '5000' },
      ...headers,
    });
    stream.on('error', () => undefined);
    return stream;
  }
  async function answerTo(body: Buffer | string, headers?: Record<string, string>) {
    const stream = open(headers);
    stream.end(body);
    const [head] = await once(stream, 'response');
    return { status: head[':status'], head, body: await text(stream) };
  }
  const over = ({ signal }: HandlerContext) => signal.aborted || once(signal, 'abort');

  it('is answered with the headers and trailers of its handler', async () => {
    const call = mesh.client(SessionService, server.address).createSession;
    const told: string[] = [];
    await call(
      { title: 'x' },
      {
        ...mesh.call(),
        onHeader: (header) => told.push(String(header.get('x-told'))),
        onTrailer: (trailer) => told.push(String(trailer.get('x-told'))),
      },
    );
    expect(told).toEqual(['a', 'b']);
  });

  it('is whole when its body comes piece by piece', async () => {
    const stream = open();
    for (const byte of request) {
      stream.write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    stream.end();
    const [head] = await once(stream, 'response');
    expect([head[':status'], titles]).toEqual([200, ['long']]);
  });

  it('may say nothing', async () => {
    expect((await answerTo('')).status).toBe(200);
    expect(titles).toEqual(['']);
  });

  it('is over for its handler when it is answered', async () => {
    expect((await answerTo(request)).status).toBe(200);
    expect(contexts[0]?.signal.aborted).toBe(true);
  });

  it('is over for its handler when the caller leaves or the time is up, and nothing is said after that', async () => {
    const { promise: never, resolve } = Promise.withResolvers<void>();
    work = () => never;
    const left = open();
    left.end(request);
    const late = open({ 'connect-timeout-ms': '40' });
    late.end(request);
    while (contexts.length < 2) await new Promise(setImmediate);
    left.close(constants.NGHTTP2_CANCEL);
    await Promise.all(contexts.map(over));
    expect(contexts.map(({ signal }) => signal.reason.rawMessage).sort()).toEqual([
      'the caller has gone',
      'the operation timed out',
    ]);
    resolve();
    work = async () => undefined;
    expect((await answerTo(request)).status).toBe(200);
  });

  it('that breaks off before its end reaches no handler', async () => {
    const stream = open({ 'content-length': String(request.byteLength) });
    stream.write(request.subarray(0, 2));
    await new Promise(setImmediate);
    stream.close(constants.NGHTTP2_CANCEL);
    await once(stream, 'close');
    expect((await answerTo(request)).status).toBe(200);
    expect(titles).toEqual(['long']);
  });

  it('that cannot be read is refused', async () => {
    const { status, head, body } = await answerTo(Buffer.from([255, 255, 255]));
    expect([status, head['content-type']]).toEqual([500, 'application/json']);
    expect(JSON.parse(body)).toMatchObject({ code: 'internal' });
    expect(titles).toEqual([]);
  });

  it('whose answer HTTP/2 forbids breaks off, and no other with it', async () => {
    work = async () => contexts.at(-1)?.responseHeader.set('connection', 'close');
    const stream = open();
    stream.end(request);
    await expect(once(stream, 'response')).rejects.toThrow('NGHTTP2_INTERNAL_ERROR');
    work = async () => undefined;
    expect((await answerTo(request)).status).toBe(200);
  });

  it('with a time that is none is refused', async () => {
    const { status, body } = await answerTo(request, { 'connect-timeout-ms': 'soon' });
    expect([status, JSON.parse(body).code]).toEqual([400, 'invalid_argument']);
  });

  it('in another form is answered in that form, or refused where there is none', async () => {
    const json = await answerTo('{"title":"j"}', { 'content-type': 'application/json' });
    expect([json.status, JSON.parse(json.body)]).toEqual([200, { session: { title: 'j' } }]);
    const packed = await answerTo(request, { 'content-encoding': 'gzip' });
    expect([packed.status, JSON.parse(packed.body).code]).toEqual([501, 'unimplemented']);
    expect((await answerTo(request, { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await answerTo(request, { ':path': '/nobody.Knows/It' })).status).toBe(404);
    expect(titles).toEqual(['j']);
  });
});
