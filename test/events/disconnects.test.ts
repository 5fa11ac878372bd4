// Readers whose connections are cut at random while runs go on: each ends with exactly what an undisturbed one was told, and nothing is held
// for those that went away.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApiClient } from '../../clients/api/api-client.ts';
import {
  openEventStream,
  type TestEventStream,
  type TestFrame,
} from '../../gateway/http/event-client.for-test.ts';
import { sampleDomain } from '../../local/demo/demo-run.ts';
import { unlimited } from '../described/unlimited.for-test.ts';
import { openSession, startTestMesh, type TestMesh } from '../e2e/test-mesh.ts';
import { readDisturbed } from './disturbed-reader.for-test.ts';

/** How many connections are cut; some 200 in each round. */
const disconnects = Number(process.env.STREAM_DISCONNECTS ?? 150);
/** Streams that one user may have open: the readers of a round, and some that were cut a moment ago. */
const streamsMax = 60;
const reportsPerRound = 3;
const questionsPerRound = 2;
/** How long a place of a client that went away may be held, in milliseconds. */
const freeingMsMax = 30_000;

jest.setTimeout(120_000 + disconnects * 300);

let mesh: TestMesh;
let api: ApiClient;
let token: string;
let sessionId: string;
let cuts = 0;
let submitted = 0;
const opened: TestEventStream[] = [];

beforeAll(async () => {
  mesh = await startTestMesh({}, { ...unlimited, EVENT_STREAMS_MAX: String(streamsMax) });
  [api, token] = await Promise.all([mesh.as('acme', 'alice'), mesh.token('acme', 'alice')]);
  sessionId = await openSession(api);
});

afterEach(() => {
  for (const stream of opened.splice(0)) stream.close();
});
afterAll(() => mesh?.close());

const urlOf = (path: string) => `${mesh.gatewayUrl}/api/v1/${path}`;

/** A reader that is left alone. */
async function open(path: string): Promise<TestEventStream> {
  const stream = await openEventStream(urlOf(path), { token });
  opened.push(stream);
  return stream;
}

const isLast = ({ data }: TestFrame) => ['complete', 'error'].includes(data?.status);
const hasEnded = (runs: number) => (events: readonly TestFrame[]) => events.filter(isLast).length >= runs;

/** What was told of each run, in its order; ids of places differ from reader to reader. */
function byRun(events: readonly TestFrame[]): Readonly<Record<string, readonly unknown[]>> {
  const told = Map.groupBy(
    events.filter(({ event }) => event !== 'end'),
    ({ data }) => String(data.job_id),
  );
  const runs = [...told].map(([jobId, frames]) => [
    jobId,
    frames.map(({ event, data }) => ({ event, data })),
  ]);
  return Object.fromEntries(runs);
}

/** Starts a run of a text that no other has, and answers its id. */
async function submitReport(): Promise<string> {
  submitted += 1;
  const body = { domain_id: sampleDomain, text: `A pothole at ${submitted} Main Street` };
  return (await api.post('/api/v1/reports', { body })).job_id;
}

async function submitQuestion(): Promise<string> {
  const body = { session_id: sessionId, domain_id: sampleDomain, question: 'Which potholes are open?' };
  return (await api.post('/api/v1/queries', { body })).job_id;
}

/** Readers of one stream that begins now: one that is left alone, and one that is not, which has a place to begin at. */
async function watchMany(
  path: string,
  runs: number,
): Promise<() => Promise<readonly (readonly TestFrame[])[]>> {
  const isWhole = hasEnded(runs);
  const whole = await open(path);
  await whole.next();
  const { promise: placed, resolve: onPlace } = Promise.withResolvers<void>();
  const reading = readDisturbed({ url: urlOf(path), token, isWhole, onPlace, chance: Math.random });
  await Promise.race([placed, reading]);
  return async () => {
    const events: TestFrame[] = [];
    while (!isWhole(events)) {
      const frame = await whole.next();
      if (!frame) throw new Error(`The stream ${path} has ended`);
      if (frame.data) events.push(frame);
    }
    whole.close();
    const disturbed = await reading;
    cuts += disturbed.cuts;
    return [events, disturbed.events];
  };
}

/** The events of a run: as read after its end, and by a disturbed reader from its beginning on. */
async function watchRun(jobId: string): Promise<readonly [readonly TestFrame[], readonly TestFrame[]]> {
  const url = urlOf(`executions/${jobId}/events`);
  const isWhole = (events: readonly TestFrame[]) => events.at(-1)?.event === 'end';
  const disturbed = await readDisturbed({ url, token, isWhole, chance: Math.random });
  cuts += disturbed.cuts;
  return [await (await open(`executions/${jobId}/events`)).rest(), disturbed.events];
}

/** Runs and their readers, each of which must be told the same. */
async function round(): Promise<void> {
  const session = await watchMany(`sessions/${sessionId}/events`, questionsPerRound);
  const own = await watchMany('events', reportsPerRound + questionsPerRound);
  const runs = await Promise.all([
    ...Array.from({ length: reportsPerRound }, async () => watchRun(await submitReport())),
    ...Array.from({ length: questionsPerRound }, async () => watchRun(await submitQuestion())),
  ]);
  const told: Record<string, readonly unknown[]> = {};
  for (const [whole, disturbed] of runs) {
    const seqs = whole.filter(({ event }) => event !== 'end').map(({ data }) => data.seq);
    expect(seqs).toEqual(seqs.map((_, at) => at + 1));
    expect(byRun(disturbed)).toEqual(byRun(whole));
    Object.assign(told, byRun(whole));
  }
  const questions = Object.fromEntries(Object.entries(told).slice(reportsPerRound));
  for (const events of await session()) expect(byRun(events)).toEqual(questions);
  for (const events of await own()) expect(byRun(events)).toEqual(told);
}

/** As many streams as there may be, once what was cut has been noticed; the last try counts, whatever came of it. */
async function takeAllPlaces(): Promise<readonly TestEventStream[]> {
  const triedUntilMs = performance.now() + freeingMsMax;
  for (;;) {
    const streams = await Promise.all(Array.from({ length: streamsMax }, () => open('events')));
    const areAllOpen = streams.every(({ answer }) => answer.statusCode === 200);
    if (areAllOpen || performance.now() > triedUntilMs) return streams;
    for (const stream of streams) stream.close();
  }
}

describe('readers whose connections are cut at random', () => {
  it('are told each event once and in order, by the streams of a run, of a session and of a user', async () => {
    const heapMb = () => Math.round(process.memoryUsage().heapUsed / 2 ** 20);
    const figures: string[] = [];
    for (let rounds = 1; cuts < disconnects; rounds += 1) {
      await round();
      if (rounds % 10 === 1) figures.push(`${heapMb()} MB after ${cuts}`);
    }
    process.stdout.write(`Cut ${cuts} connections; heap of the whole mesh: ${figures.join(', ')}\n`);
  });

  it('leave all their places free', async () => {
    const streams = await takeAllPlaces();
    expect(streams.map(({ answer }) => answer.statusCode)).toEqual(streams.map(() => 200));
    expect((await open('events')).answer.statusCode).toBe(429);
  });
});
