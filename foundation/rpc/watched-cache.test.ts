// The cache over a real stream of a real server: what is answered from it, what drops it, and the races between loading and changing.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { ChangeService } from '../../proto/gen/domainflow/registry/v1/change_service_pb.js';
import { systemClock } from '../clock.ts';
import { Fault } from '../fault/fault.ts';
import { createMeshVerifier, createServiceTokenMint } from '../identity/mesh-issuers.ts';
import { generateSigningKey } from '../identity/signing-key.ts';
import { createHealth } from '../process/health.ts';
import { createTelemetry } from '../telemetry/telemetry.ts';
import { callWith } from './caller.ts';
import { createMeshClient } from './mesh-client.ts';
import { createMeshTransport } from './mesh-transport.ts';
import { startRpcServer } from './server.ts';
import type { Tag } from './tagged-values.ts';
import { createWatchedCache, type WatchedCache, type WatchedCacheOptions } from './watched-cache.ts';

const alice: Required<Tag> = { tenantId: 'tenant', entityType: 'user', entityId: 'alice' };
const bob = { ...alice, entityId: 'bob' };
const marker = { tenantId: 'nobody', entityType: 'marker', entityId: '1' };

let nowMs: number;
let streams: ReturnType<typeof createScript>[];
let cache: WatchedCache;
let watch: WatchedCacheOptions['watch'];
let interruptions: unknown[];
let closing: (() => unknown)[];

beforeEach(async () => {
  [nowMs, streams, interruptions, closing] = [1_000_000, [], [], []];
  const { publicJwk, privateJwk } = await generateSigningKey();
  const verifier = createMeshVerifier({ gateway: [publicJwk], orchestrator: [] }, systemClock);
  const telemetry = createTelemetry({
    service: 'test',
    version: '0',
    logLevel: 'fatal',
    processMetrics: false,
  });
  const server = await startRpcServer({
    host: '127.0.0.1',
    port: 0,
    services: [ChangeService],
    routes: (router) =>
      router.service(ChangeService, {
        watchChanges: (_, { signal }) => {
          const script = createScript(signal);
          streams.push(script);
          return script.play();
        },
      }),
    verifier,
    health: createHealth(),
    telemetry,
  });
  const transport = createMeshTransport({
    target: server.address,
    tracer: trace.getTracer('test'),
    clock: systemClock,
  });
  const client = createMeshClient(ChangeService, transport);
  const token = createServiceTokenMint('gateway', privateJwk, systemClock);
  watch = (signal) => client.watchChanges({}, callWith({ token: token(), timeoutMs: 600_000, signal }));
  closing.push(
    () => telemetry.shutdown(),
    () => server.close(),
    () => transport.close(),
  );
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
});

/** What one stream sends, as the test says. */
function createScript(signal: AbortSignal) {
  const steps: ({ change?: Required<Tag> } | Error | 'end')[] = [];
  let wake = Promise.withResolvers<void>();
  const add = (step: (typeof steps)[number]): void => {
    steps.push(step);
    wake.resolve();
  };
  signal.addEventListener('abort', () => wake.resolve());
  return {
    sign: () => add({}),
    change: (change: Required<Tag>) => add({ change }),
    end: (fault?: Error) => add(fault ?? 'end'),
    isLeft: () => signal.aborted,
    async *play() {
      while (!signal.aborted) {
        const step = steps.shift();
        if (step === 'end') return;
        if (step instanceof Error) throw step;
        if (step) yield step;
        else {
          await wake.promise;
          wake = Promise.withResolvers();
        }
      }
    },
  };
}

async function openCache(options: Partial<WatchedCacheOptions> = {}): Promise<void> {
  cache = createWatchedCache({
    watch,
    clock: () => nowMs,
    sizeMax: 100,
    onInterrupted: (error) => interruptions.push(error),
    pause: async () => undefined,
    ...options,
  });
  closing.push(() => cache.close());
  await until(() => streams.length === 1);
}

const stream = () => {
  const last = streams.at(-1);
  if (!last) throw new Error('No stream was opened');
  return last;
};
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise(setImmediate);
};
async function begin(): Promise<void> {
  stream().sign();
  await until(() => cache.isAlive());
}

/** Loads of a key so far, each answering its number. */
function counted(key: string, tags: readonly Tag[]) {
  let loads = 0;
  const load = async () => (loads += 1);
  return { get: () => cache.get(key, { tags, load }), loads: () => loads };
}

/** Tells a change and waits until the cache has heard of it. */
async function tell(change: Required<Tag>): Promise<void> {
  const mark = counted('marker', [marker]);
  await mark.get();
  const before = mark.loads();
  stream().change(change);
  stream().change(marker);
  await until(async () => (await mark.get()) > before);
}

describe('a watched cache', () => {
  it('loads every time until the stream has begun, then answers what it has kept', async () => {
    await openCache();
    const value = counted('a', [alice]);
    expect([await value.get(), await value.get()]).toEqual([1, 2]);
    await begin();
    expect([await value.get(), await value.get(), await value.get()]).toEqual([3, 3, 3]);
  });

  it('drops what a change names, by object and by type, and nothing else', async () => {
    await openCache();
    await begin();
    const ofAlice = counted('alice', [alice]);
    const ofUsers = counted('users', [{ tenantId: 'tenant', entityType: 'user' }]);
    const others = [
      counted('bob', [bob]),
      counted('team', [{ ...alice, entityType: 'team' }]),
      counted('elsewhere', [{ ...alice, tenantId: 'other' }]),
    ];
    const all = [ofAlice, ofUsers, ...others];
    for (const each of all) await each.get();
    await tell(alice);
    for (const each of all) await each.get();
    expect(all.map(({ loads }) => loads())).toEqual([2, 2, 1, 1, 1]);
  });

  it('loads while the last sign of life is two seconds old, and answers again after the next', async () => {
    await openCache();
    await begin();
    const value = counted('a', [alice]);
    await value.get();
    nowMs += 1_999;
    expect(await value.get()).toBe(1);
    nowMs += 1;
    expect([await value.get(), await value.get()]).toEqual([2, 3]);
    stream().sign();
    await until(() => cache.isAlive());
    expect(await value.get()).toBe(3);
  });

  it('takes no change for a sign of life', async () => {
    await openCache();
    await begin();
    await counted('bob', [bob]).get();
    nowMs += 2_000;
    stream().change(alice);
    stream().end();
    await until(() => streams.length === 2);
    expect(cache.isAlive()).toBe(false);
  });

  it('keeps a value for five minutes at most, and never past its own end', async () => {
    await openCache();
    await begin();
    let loads = 0;
    const load = async () => (loads += 1);
    const get = () => cache.get('a', { tags: [alice], load });
    const ending = (endsAtMs: number | undefined) =>
      cache.get(`ends ${endsAtMs}`, { tags: [alice], load, endsAtMs: () => endsAtMs });
    const keepAlive = async (ms: number) => {
      nowMs += ms;
      await begin();
    };
    await get();
    await keepAlive(299_999);
    stream().sign();
    await until(async () => (await get()) === 1);
    await keepAlive(1);
    expect(await get()).toBe(2);

    const soon = nowMs + 10;
    expect([
      await ending(soon),
      await ending(soon),
      await ending(undefined),
      await ending(undefined),
    ]).toEqual([3, 3, 4, 4]);
    nowMs += 10;
    expect([await ending(soon), await ending(undefined)]).toEqual([5, 4]);
  });

  it('lets callers of one key share a load while the stream is alive, and fail with it', async () => {
    await openCache();
    await begin();
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    let loads = 0;
    const load = () => {
      loads += 1;
      return promise;
    };
    const shared = Promise.all([1, 2, 3].map(() => cache.get('a', { tags: [alice], load })));
    resolve('value');
    expect(await shared).toEqual(['value', 'value', 'value']);
    expect(loads).toBe(1);
    reject(new Error('late'));

    const failing = { tags: [alice], load: () => Promise.reject(new Error('away')) };
    const failures = await Promise.allSettled([cache.get('b', failing), cache.get('b', failing)]);
    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await counted('b', [alice]).get()).toBe(1);
  });

  it('shares nothing while it does not know what has changed', async () => {
    await openCache();
    const value = counted('a', [alice]);
    expect((await Promise.all([value.get(), value.get()])).sort()).toEqual([1, 2]);
    await begin();
    nowMs += 2_000;
    expect((await Promise.all([value.get(), value.get()])).sort()).toEqual([3, 4]);
  });

  it('holds so many values and no more: the one that was not asked for longest goes', async () => {
    await openCache({ sizeMax: 2 });
    await begin();
    const [a, b, c] = [counted('a', [alice]), counted('b', [alice]), counted('c', [alice])];
    for (const each of [a, b, a, c, a, b]) await each.get();
    expect([a.loads(), b.loads(), c.loads()]).toEqual([1, 2, 1]);
  });
});

describe('a load that a change overtakes', () => {
  const tagsKnown = { 'known before': [alice], 'told by the value alone': () => [alice] } as const;

  it.each(Object.entries(tagsKnown))('answers, and is neither kept nor shared (tags %s)', async (_, tags) => {
    await openCache();
    await begin();
    const { promise, resolve } = Promise.withResolvers<string>();
    const first = cache.get('a', { tags, load: () => promise });
    await tell(alice);
    const second = cache.get('a', { tags, load: async () => 'new' });
    expect(await second).toBe('new');
    resolve('old');
    expect(await first).toBe('old');
    expect(await cache.get('a', { tags, load: async () => 'newest' })).toBe('new');
  });

  it.each(Object.entries(tagsKnown))('is not kept when nobody asks meanwhile (tags %s)', async (_, tags) => {
    await openCache();
    await begin();
    const { promise, resolve } = Promise.withResolvers<string>();
    const first = cache.get('a', { tags, load: () => promise });
    await tell(alice);
    resolve('old');
    expect(await first).toBe('old');
    expect(await cache.get('a', { tags, load: async () => 'new' })).toBe('new');
  });

  it.each(Object.entries(tagsKnown))(
    'is kept when the change is of something else (tags %s)',
    async (_, tags) => {
      await openCache();
      await begin();
      const { promise, resolve } = Promise.withResolvers<string>();
      const first = cache.get('a', { tags, load: () => promise });
      await tell(bob);
      resolve('value');
      await first;
      expect(await cache.get('a', { tags, load: async () => 'another' })).toBe('value');
    },
  );

  it('is not kept when its stream has ended meanwhile, though another one has begun', async () => {
    await openCache();
    await begin();
    const { promise, resolve } = Promise.withResolvers<string>();
    const first = cache.get('a', { tags: [alice], load: () => promise });
    stream().end();
    await until(() => streams.length === 2);
    await begin();
    resolve('old');
    await first;
    expect(await cache.get('a', { tags: [alice], load: async () => 'new' })).toBe('new');
  });

  it('is not kept when it began before the stream', async () => {
    await openCache();
    const { promise, resolve } = Promise.withResolvers<string>();
    const first = cache.get('a', { tags: [alice], load: () => promise });
    await begin();
    resolve('old');
    await first;
    expect(await cache.get('a', { tags: [alice], load: async () => 'new' })).toBe('new');
  });
});

describe('the stream of a watched cache', () => {
  it.each([
    ['by its deadline', undefined],
    ['by a fault', new Fault('internal', 'Broken')],
  ])('drops everything when it ends %s, and is opened again', async (_, fault) => {
    await openCache();
    await begin();
    const value = counted('a', [alice]);
    await value.get();
    stream().end(fault);
    await until(() => streams.length === 2);
    expect(cache.isAlive()).toBe(false);
    expect(interruptions).toHaveLength(1);
    await begin();
    expect([await value.get(), await value.get()]).toEqual([2, 2]);
  });

  it('waits longer from failure to failure, up to five seconds, and anew after one that brought something', async () => {
    const waits: number[] = [];
    let failures = 0;
    const { promise: settled, resolve } = Promise.withResolvers<void>();
    const failing = createWatchedCache({
      clock: () => nowMs,
      sizeMax: 1,
      watch: async function* (signal) {
        failures += 1;
        if (failures === 9) yield {};
        if (failures < 10) throw new Fault('unavailable', 'Away');
        resolve();
        await new Promise((left) => signal.addEventListener('abort', left));
      },
      pause: async (waitMs) => void waits.push(waitMs),
    });
    await settled;
    await failing.close();
    const bounds = [200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000, 100];
    expect(waits).toHaveLength(bounds.length);
    for (const [at, bound] of bounds.entries()) expect(waits[at]).toBeLessThan(bound);
  });

  it('is left when it brings nothing for too long, and opened again', async () => {
    await openCache({ silenceMs: 20 });
    const [silent] = streams;
    await until(() => streams.length > 1);
    await until(() => silent?.isLeft() === true);
    expect(interruptions[0]).toBeInstanceOf(Error);
  });

  it('ends with the cache, which then loads every time', async () => {
    await openCache();
    await begin();
    const value = counted('a', [alice]);
    await value.get();
    await cache.close();
    await until(() => stream().isLeft());
    expect([await value.get(), await value.get()]).toEqual([2, 3]);
    expect(streams).toHaveLength(1);
  });
});
