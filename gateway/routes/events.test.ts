// The event stream of one run, as a client over HTTP sees it.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../foundation/fault/fault.ts';
import { ExecutionKind } from '../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import { startSeverableProxy } from '../../test/mesh/severable-proxy.ts';
import {
  problemOf,
  startGatewayForTest,
  type TestGateway,
  type TestGatewayOptions,
} from '../app.for-test.ts';
import { createWatchFeed, replicaGone, type WatchFeed } from '../clients/watch-feed.for-test.ts';
import { createSchemaCheck } from '../http/check-answer.for-test.ts';
import { openEventStream, type TestEventStream, type TestFrame } from '../http/event-client.for-test.ts';

const at2026 = '2026-03-01T10:00:00.123Z';
const opened: { close(): unknown }[] = [];

interface Run {
  readonly at: TestGateway;
  readonly feed: WatchFeed;
  readonly open: (headers?: Readonly<Record<string, string>>, query?: string) => Promise<TestEventStream>;
}

async function start(options: TestGatewayOptions = {}): Promise<Run> {
  const feed = createWatchFeed({ replays: true });
  const at = await startGatewayForTest({ handlers: { watches: feed.handlers }, ...options });
  opened.push(at);
  const open: Run['open'] = async (headers = {}, query = '') => {
    const url = `${at.url}/api/v1/executions/job_1/events${query}`;
    const stream = await openEventStream(url, { token: await at.token({ roles: ['viewer'] }), headers });
    opened.push(stream);
    return stream;
  };
  return { at, feed, open };
}

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

const event = (seq: number, more: object = {}) => ({
  jobId: 'job_1',
  seq: BigInt(seq),
  timestamp: timestampFromDate(new Date(at2026)),
  status: 'agent_invoking',
  message: 'Executing agent 1/2',
  ...more,
});
const last = (seq: number) => event(seq, { status: 'complete', last: true });
const idsOf = (frames: readonly TestFrame[]) => frames.map(({ event, id }) => [event, id]);
const statuses = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => ['status', String(from + at)]);
const end = ['end', undefined];

describe('the stream of a run', () => {
  it('tells each event with every key, null where it has no value, and ends after the last one', async () => {
    const { feed, open } = await start();
    const whole = {
      queryId: 'qry_1',
      sessionId: 'sess_1',
      userId: 'u',
      agentId: 'agent-1',
      agentName: 'Geo',
      taskId: 'task_1',
      kind: ExecutionKind.QUERY,
      metadata: { attempt: 1 },
    };
    feed.tell(event(1, whole), event(2, { status: '', notice: 'paused', message: 'Paused' }), last(3));
    const stream = await open();
    const [status, notice, complete, over, ...more] = await stream.rest();
    const shown = {
      job_id: 'job_1',
      query_id: 'qry_1',
      incident_id: null,
      session_id: 'sess_1',
      user_id: 'u',
      agent_id: 'agent-1',
      agent_name: 'Geo',
      status: 'agent_invoking',
      message: 'Executing agent 1/2',
      timestamp: at2026,
      seq: 1,
      metadata: { attempt: 1 },
      notice: null,
      kind: 'query',
      task_id: 'task_1',
    };
    expect(status).toEqual({ event: 'status', id: '1', data: shown });
    const nothing = Object.fromEntries(Object.keys(shown).map((key) => [key, null]));
    const told = { job_id: 'job_1', timestamp: at2026, seq: 2, notice: 'paused', message: 'Paused' };
    expect(notice).toEqual({ event: 'notice', id: '2', data: { ...nothing, ...told } });
    expect(complete).toMatchObject({ event: 'status', id: '3', data: { status: 'complete' } });
    expect(over).toEqual({ event: 'end', data: { job_id: 'job_1' } });
    expect(more).toEqual([]);
  });

  it('is an event stream that nobody on the way keeps or changes, and says when to come back', async () => {
    const { feed, open } = await start({ env: { CORS_ORIGINS: 'https://map.example' } });
    feed.tell(last(1));
    const stream = await open({ origin: 'https://map.example' });
    expect(stream.answer.statusCode).toBe(200);
    expect(stream.answer.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'access-control-allow-origin': 'https://map.example',
      traceresponse: expect.any(String),
    });
    expect(await stream.nextFrame()).toEqual({ retry: expect.stringMatching(/^[1-3][0-9]{3}$/) });
  });

  it('tells text of models without an id', async () => {
    const { feed, open } = await start();
    const stream = await open();
    feed.tellToken({ jobId: 'job_1', taskId: 'task_1', attempt: 1, offset: 5n, text: 'two\nlines' });
    feed.tell(last(1));
    const data = { job_id: 'job_1', task_id: 'task_1', attempt: 1, offset: 5, text: 'two\nlines' };
    expect((await stream.rest())[0]).toEqual({ event: 'token', data });
  });

  it('tells frames as the description of the API says', async () => {
    const { at, feed, open } = await start();
    const described = createSchemaCheck((await at.send('GET openapi.json')).body);
    feed.tell(event(1, { status: '', notice: 'paused', kind: ExecutionKind.QUERY }));
    const broken = await open();
    feed.tellToken({ jobId: 'job_1', taskId: 'task_1', attempt: 1, offset: 0n, text: 'A' });
    const first = [await broken.next(), await broken.next()];
    feed.breakOff(new Fault('not_found', 'No such execution'));
    const error = await broken.rest();
    feed.tell(last(2));
    const rest = await (await open({ 'last-event-id': '1' })).rest();
    const frames = [...first, ...error, ...rest];
    const names = ['notice', 'token', 'error', 'token', 'status', 'end'];
    expect(frames.map((frame) => frame?.event)).toEqual(names);
    for (const frame of frames)
      expect(described(['components', 'schemas', 'StreamEvent'], frame)).toEqual([]);
  });

  it('is there at once, and tells what happens as it happens', async () => {
    const { feed, open } = await start();
    const stream = await open();
    expect(stream.answer.statusCode).toBe(200);
    for (const seq of [1, 2, 3]) {
      feed.tell(event(seq));
      expect(await stream.next()).toMatchObject({ id: String(seq) });
    }
    feed.tell(event(4, { status: 'error', last: true }));
    expect(idsOf(await stream.rest())).toEqual([...statuses(4, 4), end]);
  });

  it('begins although the orchestrator has not yet said anything', async () => {
    const times = { firstWordMs: 5, pingMs: 10_000, fullMs: 30_000 };
    const { at, open } = await start({ eventStreamTimes: times });
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    at.handlers.watches = {
      async *watchExecution() {
        await released;
        yield { told: { case: 'event', value: last(1) } };
      },
    };
    const stream = await open();
    expect(stream.answer.statusCode).toBe(200);
    release();
    expect(idsOf(await stream.rest())).toEqual([...statuses(1, 1), end]);
  });
});

describe('a client that comes back to the stream of a run', () => {
  it.each([
    ['by header', { 'last-event-id': '2' }, ''],
    ['by parameter', {}, '?last_event_id=2'],
    ['by header before the parameter', { 'last-event-id': '2' }, '?last_event_id=1'],
  ])('goes on in the middle of it, %s', async (_how, headers, query) => {
    const { feed, open } = await start();
    feed.tell(event(1), event(2), event(3));
    const stream = await open(headers, query);
    expect(await stream.next()).toMatchObject({ id: '3' });
    feed.tell(last(4));
    expect(idsOf(await stream.rest())).toEqual([...statuses(4, 4), end]);
    expect(feed.opened).toEqual(['2']);
  });

  it('after the end is told what it missed, and 204 when that is nothing', async () => {
    const { feed, open } = await start();
    feed.tell(event(1), last(2));
    expect(idsOf(await (await open({ 'last-event-id': '1' })).rest())).toEqual([...statuses(2, 2), end]);
    const over = await open({ 'last-event-id': '2' });
    expect(over.answer.statusCode).toBe(204);
    expect(await over.rest()).toEqual([]);
  });

  it.each(['-1', 'r7', '1,2'])('with an id that is none of a run is refused: %s', async (id) => {
    const { at, open } = await start();
    const byHeader = await open({ 'last-event-id': id });
    expect(byHeader.answer.statusCode).toBe(400);
    const line = `GET executions/job_1/events?last_event_id=${id}`;
    const answer = await at.send(line, { token: await at.token() });
    expect(problemOf(answer)).toMatchObject({ status: 400, details: [{ field: 'last_event_id' }] });
  });
});

describe('a stream that cannot be had', () => {
  it.each([
    ['not_found', 404],
    ['permission_denied', 403],
    ['resource_exhausted', 429],
  ] as const)('for %s is refused with a problem', async (reason, status) => {
    const { at } = await start();
    const watchExecution = () => {
      throw new Fault(reason, 'No');
    };
    at.handlers.watches = { watchExecution };
    const answer = await at.send('GET executions/job_1/events', { token: await at.token() });
    expect(problemOf(answer).status).toBe(status);
  });

  it.each([
    ['resource_exhausted', 429],
    ['unavailable', 503],
    ['internal', 500],
  ] as const)(
    'for %s after the answer has begun ends with the problem, and without an id',
    async (reason, status) => {
      const { at, open } = await start({
        eventStreamTimes: { firstWordMs: 5, pingMs: 10_000, fullMs: 30_000 },
      });
      const { promise: released, resolve: release } = Promise.withResolvers<void>();
      at.handlers.watches = {
        // biome-ignore lint/correctness/useYield: it fails before there is anything to tell.
        async *watchExecution() {
          await released;
          throw new Fault(reason, 'A sentence');
        },
      };
      const stream = await open();
      expect(stream.answer.statusCode).toBe(200);
      release();
      const frames = await stream.rest();
      const path = '/api/v1/executions/job_1/events';
      const data = { status, instance: path, trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) };
      expect(frames).toMatchObject([{ event: 'error', data }]);
      expect([frames[0]?.id, stream.answer.complete]).toEqual([undefined, true]);
    },
  );

  it('without a credential is refused, also with one in the URL', async () => {
    const { at } = await start();
    expect(problemOf(await at.send('GET executions/job_1/events')).status).toBe(401);
    const token = await at.token();
    expect((await at.send(`GET executions/job_1/events?token=${token}`)).status).toBe(401);
  });

  it('for want of an orchestrator is refused with 503', async () => {
    const { at } = await start({ absent: ['orchestrator'] });
    const answer = await at.send('GET executions/job_1/events', { token: await at.token() });
    expect([problemOf(answer).status, answer.headers.has('retry-after')]).toEqual([503, true]);
  });

  it('is none for HEAD', async () => {
    const { at } = await start();
    expect((await at.send('HEAD executions/job_1/events', { token: await at.token() })).status).toBe(405);
  });
});

describe('an orchestrator that goes away in mid-stream', () => {
  it.each([
    ['says so', replicaGone()],
    ['finds the reader too slow', new Fault('resource_exhausted', 'Too slow')],
    ['fails', new Fault('internal', 'Broken')],
    ['ends the stream in order', undefined],
  ])('leaves no gap and repeats nothing when it %s', async (_how, fault) => {
    const { feed, open } = await start();
    feed.tell(event(1), event(2));
    const stream = await open();
    const first = [await stream.next(), await stream.next()];
    feed.breakOff(fault);
    feed.tell(event(3));
    await feed.opens(2);
    feed.breakOff(fault);
    feed.tell(event(4), last(5));
    const frames = [...first.filter((frame) => frame !== undefined), ...(await stream.rest())];
    expect(idsOf(frames)).toEqual([...statuses(1, 5), end]);
    expect(feed.opened[1]).toBe('2');
  });

  it('leaves no gap and repeats nothing when its connections break again and again', async () => {
    let proxy: Awaited<ReturnType<typeof startSeverableProxy>> | undefined;
    const orchestratorVia = async (address: string) => {
      proxy = await startSeverableProxy(address);
      opened.push(proxy);
      return proxy.address;
    };
    const { feed, open } = await start({ orchestratorVia });
    opened.push({ close: () => proxy?.cut() }); // what the gateway broke off would stay half open behind the proxy
    const stream = await open();
    const frames: TestFrame[] = [];
    for (const seq of [1, 2, 3, 4, 5]) {
      feed.tell(event(seq));
      frames.push((await stream.next()) ?? {});
      proxy?.cut();
    }
    feed.tell(last(6));
    frames.push(...(await stream.rest()));
    expect(idsOf(frames)).toEqual([...statuses(1, 6), end]);
    expect(feed.opened.length).toBeGreaterThan(1);
  });

  it('does not keep open what is no longer there', async () => {
    const { feed, open } = await start();
    feed.tell(event(1));
    const stream = await open();
    await stream.next();
    feed.breakOff(new Fault('not_found', 'No such execution'));
    const [error, ...more] = await stream.rest();
    expect(error).toMatchObject({ event: 'error', data: { status: 404, error_code: 'ERR_404' } });
    expect([error?.id, more, stream.answer.complete]).toEqual([undefined, [], true]);
  });
});
