// Watching for tests: a hub on real stores that hears engines of the same process as it would hear replicas, and what its watchers were told.
import { createClosing } from '../../../../foundation/process/closing.ts';
import { createLog } from '../../../../foundation/telemetry/log.ts';
import type { FeedItem } from '../../core/feed-item.ts';
import { newVector, type ResumeVector } from '../../core/resume-vector.ts';
import type { StreamEvent } from '../../core/stream-event.ts';
import type { WatchScope } from '../../core/watch-reads.ts';
import { createPostgresWatchStore } from '../../store/postgres-watch-store.ts';
import type { WatchStore } from '../../store/store.ts';
import type { TestStores } from '../../store/stores.for-test.ts';
import { createFeed, type Feed } from '../feed.ts';
import { createOpenPlan } from '../pinned-plan.ts';
import { createWatchHub, type RunStep, type WatchHub, type WatchRhythm } from './watch-hub.ts';
import { createWatchQueue } from './watch-queue.ts';

/** Times that a test does not wait for long. */
export const quickWatchRhythm: WatchRhythm = { aliveMs: 100, lookMs: 10, parkedMs: 20, quietMs: 3_600_000 };

/** What a hub of a test may be told. */
export interface TestWatchingOptions {
  /** Where this replica listens, and what it tells; absent for one that runs nothing. */
  readonly own?: { readonly address: string; readonly feed: Feed };
  readonly rhythm?: Partial<WatchRhythm>;
}

/** A hub in the hands of a test. */
export interface TestWatching {
  readonly hub: WatchHub;
  readonly store: WatchStore;
  /** Journals that were read, `<execution id> <after>`, in order. */
  readonly reads: string[];
  /** Streams of peers that were opened, by address, in order. */
  readonly opened: string[];
  /** Resolves when so many streams of a peer have ended. */
  ended(address: string, streams: number): Promise<void>;
  /** Lets the hub hear what is told at the address; without a feed nobody answers there. */
  connect(address: string, feed: Feed | undefined): void;
  close(): Promise<void>;
}

/** Gives the engine of a replica name an address of its own. */
export async function addressOf(stores: TestStores, replicaName: string): Promise<string> {
  const address = `${replicaName}:1`;
  const values = [replicaName, address];
  await stores.admin.query('update orchestrator.owners set address = $2 where replica_name = $1', values);
  return address;
}

/** A hub on these stores. */
export function beginWatching(stores: TestStores, options: TestWatchingOptions = {}): TestWatching {
  const { own = { address: 'nowhere:1', feed: createFeed() }, rhythm = {} } = options;
  const log = createLog({ service: 'test', level: 'silent' });
  const closing = createClosing(log);
  const kept = createPostgresWatchStore({ requests: stores.app, engine: stores.enginePool });
  const [reads, opened, endedAt]: string[][] = [[], [], []];
  const store: WatchStore = {
    ...kept,
    readJournals: (wanted) => {
      reads?.push(...wanted.map(({ id, after }) => `${id} ${after}`));
      return kept.readJournals(wanted);
    },
  };
  const peers = new Map<string, { readonly feed: Feed | undefined; readonly cut: AbortController }>();
  let onEnded = (): void => undefined;
  async function* openPeer(address: string, signal: AbortSignal): AsyncGenerator<FeedItem | 'alive'> {
    opened?.push(address);
    const { feed, cut } = peers.get(address) ?? {};
    try {
      if (!feed || !cut) throw new Error('nobody answers there');
      yield* hear(feed, AbortSignal.any([signal, cut.signal]));
    } finally {
      endedAt?.push(address);
      onEnded();
    }
  }
  const hub = createWatchHub({
    feed: own.feed,
    openPeer,
    store,
    openPlan: createOpenPlan(),
    log,
    closing,
    rhythm: { ...quickWatchRhythm, ...rhythm },
  });
  hub.begin(own.address);
  return {
    hub,
    store,
    reads: reads ?? [],
    opened: opened ?? [],
    async ended(address, streams) {
      const count = () => endedAt?.filter((each) => each === address).length ?? 0;
      while (count() < streams) {
        const { promise, resolve } = Promise.withResolvers<void>();
        onEnded = resolve;
        await promise;
      }
    },
    connect(address, feed) {
      peers.get(address)?.cut.abort();
      peers.set(address, { feed, cut: new AbortController() });
    },
    close: async () => void (await closing.close()),
  };
}

async function* hear(feed: Feed, signal: AbortSignal): AsyncGenerator<FeedItem | 'alive'> {
  const queue = createWatchQueue<FeedItem>({ aliveMs: 100, stepsMax: 100_000, weightMax: 1e9 });
  const stop = feed.listen((item) => queue.push(item, 1));
  try {
    yield 'alive';
    yield* feed.texts();
    yield* queue.read(signal);
  } finally {
    stop();
  }
}

/** What a watcher of one run was told. */
export interface Watched {
  readonly events: StreamEvent[];
  readonly steps: RunStep[];
}

/** How a run is watched. */
export interface Watching {
  /** [0] */
  readonly after?: number;
  readonly signal?: AbortSignal;
  /** Told of each step; true leaves the stream. */
  readonly leaveAt?: (step: RunStep) => boolean;
}

/** Watches a run until its stream ends or is left. */
export async function watchRun(
  { hub, store }: Pick<TestWatching, 'hub' | 'store'>,
  { tenantId, id }: { readonly tenantId: string; readonly id: string },
  { after = 0, signal = new AbortController().signal, leaveAt = () => false }: Watching = {},
): Promise<Watched> {
  const execution = await store.read(tenantId, id);
  if (!execution) throw new Error('no such execution');
  const watched: Watched = { events: [], steps: [] };
  for await (const step of hub.watchRun(execution, after, signal)) {
    watched.steps.push(step);
    if (step.type === 'event') watched.events.push(step.event);
    if (leaveAt(step)) break;
  }
  return watched;
}

/** Where a stream stands of which nothing was read, but that leaves out what was decided long before this time. */
export function vectorSince(atMs: number): ResumeVector {
  return newVector({ atMs, oldest: 0, next: 0, pending: [] });
}

/** What a watcher of many runs was told, and where its stream goes on. */
export interface WatchedMany {
  /** `<execution id> <seq>` in order. */
  readonly events: string[];
  vector: ResumeVector | undefined;
}

/** How many runs are watched. */
export interface WatchingMany {
  readonly subject: WatchScope;
  readonly vector?: ResumeVector | undefined;
  /** Told when the stream has begun. */
  readonly onBegun?: () => void;
  /** Told what was read so far; true leaves the stream. */
  readonly leaveAt: (events: readonly string[]) => boolean;
}

/** Watches many runs until the stream is left. */
export async function watchMany(
  { hub }: Pick<TestWatching, 'hub'>,
  { subject, vector, leaveAt, onBegun }: WatchingMany,
): Promise<WatchedMany> {
  const watched: WatchedMany = { events: [], vector };
  for await (const { step, vector: read } of hub.watchMany(subject, vector, new AbortController().signal)) {
    watched.vector = structuredClone(read);
    if (step.type === 'alive') onBegun?.();
    if (step.type === 'event') watched.events.push(`${step.subject.id} ${step.event.seq}`);
    if (leaveAt(watched.events)) break;
  }
  return watched;
}
