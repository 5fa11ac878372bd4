// What an event stream holds, and when it lets go: clients that leave, that do not read, that may not listen any more; a gateway that closes.
import { once } from 'node:events';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Fault } from '../../foundation/fault/fault.ts';
import {
  problemOf,
  startGatewayForTest,
  type TestGateway,
  type TestGatewayOptions,
} from '../app.for-test.ts';
import { createWatchFeed, type WatchFeed } from '../clients/watch-feed.for-test.ts';
import { openEventStream, type TestEventStream, type TestFrame } from './event-client.for-test.ts';
import { eventStreamTimes } from './event-streams.ts';

// Some move 20 MB: how long that takes on a busy machine is no promise.
jest.setTimeout(30_000);

const opened: { close(): unknown }[] = [];
let at: TestGateway;
let feed: WatchFeed;

async function start(options: TestGatewayOptions = {}): Promise<void> {
  feed = createWatchFeed({ replays: true });
  at = await startGatewayForTest({ handlers: { watches: feed.handlers }, ...options });
  opened.push(at);
}

async function open(token?: string): Promise<TestEventStream> {
  const url = `${at.url}/api/v1/executions/job_1/events`;
  const stream = await openEventStream(url, { token: token ?? (await at.token()) });
  opened.push(stream);
  return stream;
}

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

const event = (seq: number, more: object = {}) => ({
  jobId: 'job_1',
  seq: BigInt(seq),
  status: 'x',
  ...more,
});
const often = { ...eventStreamTimes, pingMs: 10 };

async function commentsOf(stream: TestEventStream): Promise<string[]> {
  const comments: string[] = [];
  for (let frame = await stream.nextFrame(); frame; frame = await stream.nextFrame()) {
    if (frame.comment !== undefined) comments.push(frame.comment);
  }
  return comments;
}

describe('a stream on which nothing happens', () => {
  it('is kept in use by comments, which have no id', async () => {
    await start({ eventStreamTimes: often });
    const stream = await open();
    const frames: (TestFrame | undefined)[] = [];
    for (const _ of [1, 2, 3]) frames.push(await stream.nextFrame());
    expect(frames).toEqual([{ retry: expect.any(String) }, { comment: 'ping' }, { comment: 'ping' }]);
  });

  it('says so every 10 s', () => {
    expect(eventStreamTimes.pingMs).toBe(10_000);
  });
});

describe('a client', () => {
  it('that goes away frees the call in the mesh and its place', async () => {
    await start({ env: { EVENT_STREAMS_MAX: '1' } });
    const stream = await open();
    stream.close();
    await feed.left(1);
    const again = await untilStatus(200);
    feed.tell(event(1));
    expect(await again.next()).toMatchObject({ id: '1' });
  });

  it('that goes away is no failure in the log', async () => {
    await start();
    const stream = await open();
    stream.close();
    await feed.left(1);
    const lines = await at.closeAndReadLog();
    const line = lines.find(({ path }) => path === '/api/v1/executions/job_1/events');
    expect(line).toMatchObject({ msg: 'Answered a request', status: 200, level: 'info' });
  });

  it('that does not read is not read for, and is left in the end', async () => {
    await start({ eventStreamTimes: { ...eventStreamTimes, fullMs: 200 } });
    const stream = await open();
    const metadata = { text: 'x'.repeat(50_000) };
    const count = 1_000;
    feed.tell(...Array.from({ length: count }, (_, n) => event(n + 1, { metadata })));
    await feed.left(1);
    expect(feed.taken()).toBeLessThan(count / 2);
    const frames = await stream.rest();
    expect(frames.length).toBeLessThanOrEqual(feed.taken() + 1);
    expect(frames.map(({ id }) => id)).toEqual(frames.map((_, n) => String(n + 1)));
    expect(stream.answer.complete).toBe(false);
  });

  it('that reads slowly is told everything', async () => {
    await start();
    const stream = await open();
    const metadata = { text: 'x'.repeat(50_000) };
    const count = 400;
    feed.tell(...Array.from({ length: count }, (_, n) => event(n + 1, { metadata, last: n + 1 === count })));
    const frames = await stream.rest();
    expect(frames.map(({ id }) => id)).toEqual([
      ...Array.from({ length: count }, (_, n) => `${n + 1}`),
      undefined,
    ]);
  });
});

async function untilStatus(status: number): Promise<TestEventStream> {
  const stream = await open();
  return stream.answer.statusCode === status ? stream : untilStatus(status);
}

describe('a user', () => {
  it('has so many streams and no more; another user has as many', async () => {
    await start({ env: { EVENT_STREAMS_MAX: '2' } });
    const token = await at.token();
    const first = await open(token);
    await open(await at.token());
    const answer = await at.send('GET executions/job_1/events', { token });
    expect(problemOf(answer).status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const other = await open(await at.token({ user: 'bob' }));
    expect(other.answer.statusCode).toBe(200);
    const namesake = await open(await at.token({ tenant: 'globex' }));
    expect(namesake.answer.statusCode).toBe(200);
    first.close();
    await untilStatus(200);
  });

  it('has 20 unless it is said otherwise, refused ones not counted', async () => {
    await start();
    const streams = await Promise.all(Array.from({ length: 25 }, () => open()));
    const statuses = streams.map(({ answer }) => answer.statusCode);
    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
  });

  it('does not lose places to streams that cannot be had or are over', async () => {
    await start({ env: { EVENT_STREAMS_MAX: '1' } });
    const token = await at.token();
    const handlers = at.handlers.watches;
    at.handlers.watches = {
      watchExecution: () => {
        throw new Fault('not_found', 'No such execution');
      },
    };
    for (const _ of [1, 2]) {
      expect((await at.send('GET executions/job_1/events', { token })).status).toBe(404);
    }
    at.handlers.watches = handlers ?? {};
    feed.tell(event(1, { last: true }));
    for (const _ of [1, 2]) expect(await (await open(token)).rest()).toHaveLength(2);
  });
});

/** What the stream tells at its end: the event `error` and the comment after it. */
async function partingOf(stream: TestEventStream): Promise<readonly (TestFrame | undefined)[]> {
  const frames: TestFrame[] = [];
  for (let frame = await stream.nextFrame(); frame; frame = await stream.nextFrame()) frames.push(frame);
  return frames.slice(-2);
}

const unauthenticated = [
  { event: 'error', data: { status: 401, error_code: 'ERR_401' } },
  { comment: expect.stringContaining('come back') },
];

describe('a credential', () => {
  it('that expires ends its streams', async () => {
    await start({ eventStreamTimes: often });
    // What is left of the leeway for clocks.
    const stream = await open(await at.token({ lifetimeS: -29 }));
    expect(stream.answer.statusCode).toBe(200);
    expect(await partingOf(stream)).toMatchObject(unauthenticated);
    expect(stream.answer.complete).toBe(true);
    await feed.left(1);
  });

  it('that is revoked ends its streams, and one that cannot be asked about does not', async () => {
    await start({ eventStreamTimes: often });
    const key = { keyId: 'key_1', permissions: ['executions:read'], rateLimit: 10, userId: 'u' };
    const tenantId = '0199aaaa-0000-7000-8000-000000000001';
    let outcome: 'known' | 'away' | 'revoked' = 'known';
    let askedWhileAway = 0;
    // Without news of changes nothing is kept, so that every look is a question.
    at.handlers.changes = {
      watchChanges: () => {
        throw new Fault('unavailable', 'Not now');
      },
    };
    at.handlers.apiKeys = {
      authenticateApiKey: () => {
        if (outcome === 'revoked') throw new Fault('unauthenticated', 'The API key is not valid');
        if (outcome === 'away') askedWhileAway += 1;
        if (outcome === 'away') throw new Fault('unavailable', 'No database');
        return { key, tenantId, tenantName: 'acme', username: 'bot', role: 'editor' };
      },
    };
    const stream = await open('a'.repeat(64));
    expect(stream.answer.statusCode).toBe(200);
    outcome = 'away';
    while (askedWhileAway < 5) await stream.nextFrame();
    feed.tell(event(1));
    expect(await stream.next()).toMatchObject({ id: '1' });
    outcome = 'revoked';
    expect(await partingOf(stream)).toMatchObject(unauthenticated);
    await feed.left(1);
  });
});

describe('a gateway that closes', () => {
  it('ends its streams at once, whether they are read or not', async () => {
    await start();
    const stream = await open();
    const stuck = await open();
    const metadata = { text: 'x'.repeat(50_000) };
    feed.tell(...Array.from({ length: 400 }, (_, n) => event(n + 1, { metadata })));
    const reading = stream.rest();
    await once(stream.answer, 'data');
    await at.gateway.close();
    const frames = await reading;
    expect(frames.map(({ id }) => id)).toEqual(frames.map((_, n) => String(n + 1)));
    await feed.left(2);
    stuck.close();
  });

  it('tells those who keep up that they may come back', async () => {
    await start();
    const stream = await open();
    const comments = commentsOf(stream);
    await at.gateway.close();
    expect(await comments).toEqual(['the stream ends here; come back for the rest']);
    expect(stream.answer.complete).toBe(true);
  });
});
