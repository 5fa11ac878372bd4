// The event streams of a session and of all runs of the caller: they have no end, and their ids mean something to the orchestrator alone.
import { afterEach, describe, expect, it } from '@jest/globals';
import { invalidArgument } from '../../foundation/fault/fault.ts';
import { principalOf } from '../../foundation/rpc/caller.ts';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';
import { createWatchFeed, replicaGone, type WatchFeed } from '../clients/watch-feed.for-test.ts';
import { openEventStream, type TestEventStream } from '../http/event-client.for-test.ts';

const opened: { close(): unknown }[] = [];
let at: TestGateway;
let feed: WatchFeed;

async function start(): Promise<void> {
  feed = createWatchFeed({ replays: false });
  at = await startGatewayForTest({ handlers: { watches: feed.handlers } });
  opened.push(at);
}

async function open(path: string, headers: Readonly<Record<string, string>> = {}): Promise<TestEventStream> {
  const stream = await openEventStream(`${at.url}/api/v1/${path}`, { token: await at.token(), headers });
  opened.push(stream);
  return stream;
}

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

const event = (jobId: string, seq: number, more: object = {}) => ({
  jobId,
  seq: BigInt(seq),
  status: 'agent_invoking',
  ...more,
});

describe.each(['sessions/sess_1/events', 'events'])('the stream %s', (path) => {
  it('begins now, tells runs side by side, and goes on when one of them ends', async () => {
    await start();
    feed.tell(event('job_0', 1));
    const stream = await open(path);
    expect(await stream.next()).toEqual({ id: 'r1' });
    feed.tell(event('job_1', 1), event('job_2', 1), event('job_1', 2, { status: 'complete', last: true }));
    feed.tell(event('job_2', 2));
    const frames = [await stream.next(), await stream.next(), await stream.next(), await stream.next()];
    expect(frames.map((frame) => [frame?.id, frame?.data.job_id, frame?.data.seq])).toEqual([
      ['r2', 'job_1', 1],
      ['r3', 'job_2', 1],
      ['r4', 'job_1', 2],
      ['r5', 'job_2', 2],
    ]);
    expect(feed.opened).toEqual(['']);
  });

  it('goes on where a client has left off, by header or by parameter', async () => {
    await start();
    feed.tell(event('job_1', 1), event('job_1', 2), event('job_1', 3));
    const byHeader = await open(path, { 'last-event-id': 'r2' });
    expect(await byHeader.next()).toMatchObject({ id: 'r3', data: { seq: 3 } });
    const byParameter = await open(`${path}?last_event_id=r1`);
    expect(await byParameter.next()).toMatchObject({ id: 'r2', data: { seq: 2 } });
    expect(feed.opened).toEqual(['r2', 'r1']);
  });

  it('loses nothing when the orchestrator goes away, not even before the first event', async () => {
    await start();
    const stream = await open(path);
    expect(await stream.next()).toEqual({ id: 'r0' });
    feed.breakOff(replicaGone());
    feed.tell(event('job_1', 1));
    expect(await stream.next()).toMatchObject({ id: 'r1' });
    feed.breakOff();
    feed.tell(event('job_1', 2));
    expect(await stream.next()).toMatchObject({ id: 'r2' });
    expect(feed.opened).toEqual(['', 'r0', 'r1']);
  });
});

describe('a stream without an end', () => {
  it('is asked for in the name of the caller, that of a session by its id', async () => {
    await start();
    const asked: unknown[] = [];
    const watchSession: NonNullable<typeof feed.handlers.watchSession> = async function* (
      { sessionId },
      context,
    ) {
      asked.push([sessionId, principalOf(context).username]);
      yield { told: { case: 'alive', value: {} } };
    };
    at.handlers.watches = { watchSession };
    const stream = await open('sessions/sess_7/events');
    expect(stream.answer.statusCode).toBe(200);
    expect(asked[0]).toEqual(['sess_7', 'ada']);
  });

  it('is refused after an id that the orchestrator does not know', async () => {
    await start();
    const refuse = () => {
      throw invalidArgument([{ field: 'last_event_id', reason: 'is no id of this stream' }]);
    };
    at.handlers.watches = { watchSession: refuse, watchOwn: refuse };
    for (const path of ['sessions/sess_1/events', 'events']) {
      const answer = await at.send(`GET ${path}?last_event_id=forged`, { token: await at.token() });
      expect(problemOf(answer)).toMatchObject({ status: 400, details: [{ field: 'last_event_id' }] });
    }
  });
});
