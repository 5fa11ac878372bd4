// Finds the runs that are started or go on while somebody watches a session or everything of his own: by looks into the store for all
// watchers in one statement, at once when a replica tells something of a run that is not followed.
import type { FeedEntries } from '../../core/feed-item.ts';
import type { WatchScope } from '../../core/watch-reads.ts';
import type { WatchStore } from '../../store/store.ts';
import type { ScopeWatch } from './scope-watch.ts';

/** Scopes in one statement. */
export const scopesMax = 50;
/** Runs of each scope that one statement looks at. */
export const lookedAtMax = 300;

/** What searching needs. */
export interface ScopeSearchDeps {
  readonly store: Pick<WatchStore, 'news'>;
  /** Spans of time, in milliseconds. */
  readonly monotonicMs: () => number;
}

/** Searches for all scopes of a process, for each by one statement at a time. */
export interface ScopeSearch {
  /** Searches for a scope that has begun, the first time at the next look. The answer ends it. */
  add(subject: WatchScope, watch: ScopeWatch): () => void;
  /** A run told something. */
  notice(item: FeedEntries): void;
  /** Searches at once for those who have news. One that fails is made again by the next look. */
  hurry(): void;
  /** Searches for those who have news, and those for whom the last search was at least so long ago, in milliseconds. */
  look(everyMs: number): Promise<void>;
  count(): number;
  /** Resolves when no search is under way. */
  settled(): Promise<void>;
}

interface Searched {
  readonly watch: ScopeWatch;
  atMs: number;
  /** True when its last search failed, for its own sake or with others. */
  failed: boolean;
}

/** Searches for nobody yet. */
export function createScopeSearch(deps: ScopeSearchDeps): ScopeSearch {
  const { monotonicMs } = deps;
  const searched = createSearched();
  const { all } = searched;
  let last: Promise<void> = Promise.resolve();
  let isHurrying = false;

  // A scope whose search fails must not keep the others from theirs.
  async function search(isDue: (each: Searched) => boolean): Promise<void> {
    const failures: unknown[] = [];
    for (const batch of batchesOf(all().filter(isDue))) {
      await find(deps, batch).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }

  // Whoever has more to search for gets it after everybody else had a turn.
  async function searchNews(): Promise<void> {
    isHurrying = false;
    await search(({ watch }) => watch.hasNews());
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  }

  return {
    add: searched.add,
    notice(item) {
      for (const { watch } of searched.of(item.tenantId, item.createdBy)) watch.notice(item);
    },
    hurry() {
      if (isHurrying) return;
      isHurrying = true;
      inTurn(searchNews).catch(() => undefined); // the next look says so
    },
    look: (everyMs) =>
      inTurn(() => {
        const sinceMs = monotonicMs() - everyMs;
        return search(({ watch, atMs }) => atMs <= sinceMs || watch.hasNews());
      }),
    count: searched.count,
    settled: () => last,
  };
}

async function find({ store, monotonicMs }: ScopeSearchDeps, batch: readonly Searched[]): Promise<void> {
  const nowMs = monotonicMs();
  for (const each of batch) each.atMs = nowMs;
  const scopes = batch.map(({ watch }) => watch.news());
  try {
    const found = await store.news(scopes, lookedAtMax);
    for (const [place, news] of found.entries()) batch[place]?.watch.found(news);
    for (const each of batch) each.failed = false;
  } catch (error) {
    for (const each of batch) {
      each.failed = true;
      each.watch.missed();
    }
    throw error;
  }
}

/** Scopes by the person whose runs they are. */
function createSearched() {
  const byUser = new Map<string, Set<Searched>>();
  let count = 0;
  return {
    add({ tenantId, userId }: WatchScope, watch: ScopeWatch): () => void {
      const key = keyOf(tenantId, userId);
      const searched = { watch, atMs: Number.NEGATIVE_INFINITY, failed: false };
      const ofUser = byUser.get(key) ?? new Set();
      byUser.set(key, ofUser.add(searched));
      count += 1;
      return () => {
        if (!ofUser.delete(searched)) return;
        count -= 1;
        if (ofUser.size === 0 && byUser.get(key) === ofUser) byUser.delete(key);
      };
    },
    of: (tenantId: string, userId: string): Iterable<Searched> => byUser.get(keyOf(tenantId, userId)) ?? [],
    all: () => Array.from(byUser.values(), (ofUser) => [...ofUser]).flat(),
    count: () => count,
  };
}

// Those whose last search failed come last, and each alone: also those whose search fails while this goes on.
function* batchesOf(due: readonly Searched[]): Generator<readonly Searched[]> {
  const sound = due.filter(({ failed }) => !failed);
  for (let at = 0; at < sound.length; at += scopesMax) yield sound.slice(at, at + scopesMax);
  for (const each of due) if (each.failed) yield [each];
}

function keyOf(tenantId: string, userId: string): string {
  return `${tenantId}/${userId}`;
}
