// Everybody who watches in this process. It listens to what this replica tells, to one stream of each other replica that matters, and looks
// into the journals of runs of which it hears nothing. Without watchers it does nothing.
import type { Closing } from '../../../../foundation/process/closing.ts';
import { repeat } from '../../../../foundation/process/repeat.ts';
import type { Log } from '../../../../foundation/telemetry/log.ts';
import type { StoredExecution } from '../../core/execution-record.ts';
import type { FeedItem, FeedText } from '../../core/feed-item.ts';
import type { ResumeVector } from '../../core/resume-vector.ts';
import { type StreamEvent, type StreamSubject, streamSubjectOf } from '../../core/stream-event.ts';
import type { WatchScope } from '../../core/watch-reads.ts';
import type { WatchStore } from '../../store/store.ts';
import type { Feed } from '../feed.ts';
import type { OpenPlan } from '../pinned-plan.ts';
import { createJournalReader } from './journal-reader.ts';
import { createPageTurns } from './page-turns.ts';
import { createPeerFeeds, type OpenPeerFeed, type PeerFeeds } from './peer-feeds.ts';
import { pushEvent } from './push-event.ts';
import { createScopeSearch, type ScopeSearch } from './scope-search.ts';
import { createScopeWatch, type ScopeStep } from './scope-watch.ts';
import { createWatchPlaces, placesOfMany, type WatchPlaces } from './watch-places.ts';
import { createWatchQueue } from './watch-queue.ts';
import { createWatchedRuns, type Holder, type WatchedRuns } from './watched-runs.ts';

/** Times of watching, in milliseconds. */
export interface WatchRhythm {
  /** Between two signs of life to a watcher. */
  readonly aliveMs: number;
  /** Between two looks into the journal of a run of which nothing is heard. */
  readonly lookMs: number;
  /** The same for a run that waits and is held by nobody. */
  readonly parkedMs: number;
  /** After this long without news also a run is looked at that is heard. */
  readonly quietMs: number;
}

/** The times in production. */
export const usualWatchRhythm: WatchRhythm = { aliveMs: 5_000, lookMs: 250, parkedMs: 1_000, quietMs: 2_000 };

/** What watching needs. */
export interface WatchHubDeps {
  /** What this replica tells. */
  readonly feed: Feed;
  readonly openPeer: OpenPeerFeed;
  readonly store: WatchStore;
  readonly openPlan: OpenPlan;
  readonly log: Pick<Log, 'warn'>;
  readonly closing: Pick<Closing, 'add'>;
  /** Absent means the usual one. */
  readonly rhythm?: WatchRhythm;
}

/** What a watcher of one run is told. */
export type RunStep =
  | { readonly type: 'event'; readonly subject: StreamSubject; readonly event: StreamEvent }
  | { readonly type: 'text'; readonly text: FeedText }
  | { readonly type: 'alive' };

/** What a watcher of many runs is told. */
export type ManyStep = Exclude<ScopeStep, { readonly type: 'gone' }> | { readonly type: 'alive' };

/**
 * Lets people watch. Streams end without a fault by the signal, and with `resource_exhausted` when they find no place or are read too slowly.
 */
export interface WatchHub {
  /** Says where this replica listens; until then its own runs are looked for like those of others. */
  begin(address: string): void;
  /** One run's events after a number, until its last one. Nothing is told when nothing is left. */
  watchRun(execution: StoredExecution, after: number, signal: AbortSignal): AsyncGenerator<RunStep>;
  /** Events of all runs of a scope. `vectorOf` each step tells how far they have been read when it was told. */
  watchMany(
    subject: WatchScope,
    vector: ResumeVector | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<{ readonly step: ManyStep; readonly vector: ResumeVector }>;
  /** Streams of other replicas that are open, by address. */
  peers(): readonly string[];
  /** Places that are taken, runs that are followed and scopes that are searched for, together. */
  watching(): number;
}

interface Hub {
  readonly deps: WatchHubDeps;
  readonly rhythm: WatchRhythm;
  readonly runs: WatchedRuns;
  readonly search: ScopeSearch;
  readonly peers: PeerFeeds;
  address: string | undefined;
  /** Where living owners listen; kept only while somebody watches many runs. */
  owners: ReadonlySet<string>;
  ownersMs: number;
  readonly places: WatchPlaces;
  /** Stops listening and looking. */
  stop: () => void;
  readonly ending: Set<Promise<unknown>>;
  /** True since a look has failed, so that it is told once. */
  isBlind: boolean;
}

/** A hub without watchers. Its streams are to be ended before it is closed. */
export function createWatchHub(deps: WatchHubDeps): WatchHub {
  const hub = openHub(deps);
  deps.closing.add('watching', () => {
    hub.stop();
    return Promise.all(hub.ending);
  });
  return {
    begin(address) {
      hub.address = address;
    },
    watchRun: (execution, after, signal) => watchRun(hub, { execution, after, signal }),
    watchMany: (subject, vector, signal) => watchMany(hub, { subject, vector, signal }),
    peers: () => [...wantedPeers(hub)].filter((address) => hub.peers.isUp(address)),
    watching: () => hub.places.taken() + hub.runs.count() + hub.search.count(),
  };
}

function openHub(deps: WatchHubDeps): Hub {
  const { store, openPlan, rhythm = usualWatchRhythm } = deps;
  const runs = createWatchedRuns({
    reader: createJournalReader(store),
    openPlan,
    monotonicMs,
    textsOf: (id, holder) => textsOf(hub, id, holder),
    onHolder: () => hub.peers.want(wantedPeers(hub)),
  });
  const hub: Hub = {
    deps,
    rhythm,
    runs,
    search: createScopeSearch({ store, monotonicMs }),
    peers: createPeerFeeds({
      open: deps.openPeer,
      onItem: (item, address) => receive(hub, item, address),
      onUp: runs.doubt,
    }),
    address: undefined,
    owners: new Set(),
    ownersMs: Number.NEGATIVE_INFINITY,
    places: createWatchPlaces(),
    stop: () => undefined,
    ending: new Set(),
    isBlind: false,
  };
  return hub;
}

const monotonicMs = (): number => performance.now();

function receive(hub: Hub, item: FeedItem, address: string | undefined): void {
  hub.runs.receive(item, address);
  if (item.type === 'entries') hub.search.notice(item);
}

function textsOf({ deps, peers, address }: Hub, id: string, holder: Holder | undefined): readonly FeedText[] {
  if (holder?.address === undefined) return [];
  return holder.address === address ? deps.feed.texts(id) : peers.texts(holder.address, id);
}

function wantedPeers({ runs, search, owners, address, places }: Hub): Set<string> {
  const wanted = places.taken() === 0 ? new Set<string>() : runs.addresses();
  if (search.count() > 0) for (const owner of owners) wanted.add(owner);
  if (address !== undefined) wanted.delete(address);
  return wanted;
}

/** One more watcher, who takes so many places; the answer is one less. */
function enter(hub: Hub, tenantId: string, places: number): () => void {
  const isFirst = hub.places.taken() === 0;
  const giveBack = hub.places.take(tenantId, places);
  if (isFirst) wake(hub);
  return () => {
    giveBack();
    if (hub.places.taken() === 0) hub.stop();
    else hub.peers.want(wantedPeers(hub));
  };
}

function wake(hub: Hub): void {
  const { feed, log } = hub.deps;
  const stopListening = feed.listen((item) => receive(hub, item, hub.address));
  const stopLooking = repeat({
    name: 'watched runs',
    work: () => look(hub),
    intervalMs: hub.rhythm.lookMs,
    log,
  });
  hub.stop = () => {
    stopListening();
    const ended: Promise<unknown> = Promise.all([stopLooking(), hub.search.settled(), hub.peers.close()]);
    hub.ending.add(ended);
    void ended.finally(() => hub.ending.delete(ended));
    hub.stop = () => undefined;
  };
}

async function look(hub: Hub): Promise<void> {
  const { runs, search, peers, rhythm, owners } = hub;
  const isHeard = owners.size > 0 && [...wantedPeers(hub)].every(peers.isUp);
  const looks = [
    runs.look((holder) => quietMsOf(hub, holder)),
    search.look(isHeard ? rhythm.quietMs : rhythm.lookMs),
    findOwners(hub),
  ];
  const ends = await Promise.allSettled(looks);
  const errors = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  if (errors.length > 0 && !hub.isBlind)
    hub.deps.log.warn({ err: errors[0] }, 'Watched runs cannot be looked at');
  hub.isBlind = errors.length > 0;
  peers.want(wantedPeers(hub));
}

function quietMsOf({ rhythm, peers, address }: Hub, holder: Holder | undefined): number {
  if (holder?.isParked) return rhythm.parkedMs;
  if (holder?.address === undefined) return rhythm.lookMs;
  return holder.address === address || peers.isUp(holder.address) ? rhythm.quietMs : rhythm.lookMs;
}

async function findOwners(hub: Hub): Promise<void> {
  if (hub.search.count() === 0 || monotonicMs() - hub.ownersMs < hub.rhythm.quietMs) return;
  hub.ownersMs = monotonicMs();
  hub.owners = new Set(await hub.deps.store.addresses());
}

interface RunWatched {
  readonly execution: StoredExecution;
  readonly after: number;
  readonly signal: AbortSignal;
}

async function* watchRun(hub: Hub, { execution, after, signal }: RunWatched): AsyncGenerator<RunStep> {
  const leave = enter(hub, execution.tenantId, 1);
  let stop = (): void => undefined;
  const queue = createWatchQueue<RunStep>({ aliveMs: hub.rhythm.aliveMs, onEnd: () => stop() });
  const subject = streamSubjectOf(execution);
  let wasTold = false;
  try {
    stop = hub.runs.follow(execution, after, {
      event: (event, isLive) => pushEvent(queue, { type: 'event', subject, event }, isLive),
      text: (text) => queue.push({ type: 'text', text }, text.text.length),
      caughtUp: () => queue.push({ type: 'alive' }, 0),
      ended: queue.end,
      turn: createPageTurns(queue),
    });
    for await (const step of queue.read(signal)) {
      if (step === 'alive') yield { type: 'alive' };
      else if (step.type !== 'alive' || !wasTold) yield step;
      wasTold = true;
    }
  } finally {
    stop();
    leave();
  }
}

interface ManyWatched {
  readonly subject: WatchScope;
  readonly vector: ResumeVector | undefined;
  readonly signal: AbortSignal;
}

async function* watchMany(hub: Hub, { subject, vector, signal }: ManyWatched) {
  const leave = enter(hub, subject.tenantId, placesOfMany);
  const { store } = hub.deps;
  let watch: ReturnType<typeof createScopeWatch> | undefined;
  const { aliveMs } = hub.rhythm;
  const queue = createWatchQueue<ScopeStep>({ aliveMs, onEnd: () => watch?.leave() });
  let remove = (): void => undefined;
  try {
    watch = createScopeWatch({ subject, store, runs: hub.runs, queue, onNews: hub.search.hurry });
    await watch.begin(vector);
    remove = hub.search.add(subject, watch);
    yield { step: { type: 'alive' } as const, vector: watch.vector() };
    for await (const step of queue.read(signal)) {
      if (step === 'alive') {
        yield { step: { type: 'alive' } as const, vector: watch.vector() };
        continue;
      }
      if (watch.take(step) && step.type !== 'gone') yield { step, vector: watch.vector() };
    }
  } finally {
    remove();
    watch?.leave();
    leave();
  }
}
