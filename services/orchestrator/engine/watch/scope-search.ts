// Finds the runs that are started or go on while somebody watches a session or everything of his own: by what replicas tell, and by looks
// into the executions, for all watchers in one statement.
import type { FeedEntries } from '../../core/feed-item.ts';
import type { WatchStore } from '../../store/store.ts';
import { type ScopeSubject, type ScopeWatch, startedMax } from './scope-watch.ts';

/** Scopes in one statement. */
export const scopesMax = 50;

/** What searching needs. */
export interface ScopeSearchDeps {
  readonly store: Pick<WatchStore, 'started' | 'moved'>;
  /** Milliseconds since the Unix epoch. */
  readonly clock: () => number;
  /** Spans of time, in milliseconds. */
  readonly monotonicMs: () => number;
}

/** Between two searches for one scope, in milliseconds. */
export interface SearchRhythm {
  /** For runs that were started. */
  readonly startedMs: number;
  /** For older runs that went on; one that told something is searched for at once. */
  readonly movedMs: number;
}

/** Searches for all scopes of a process. */
export interface ScopeSearch {
  /** Searches for a scope that has begun, the first time at the next look. The answer ends it. */
  add(subject: ScopeSubject, watch: ScopeWatch): () => void;
  /** A run told something. */
  notice(item: FeedEntries): void;
  /** Searches for those of whom the last search was so long ago. */
  look(every: SearchRhythm): Promise<void>;
  count(): number;
}

interface Searched {
  readonly watch: ScopeWatch;
  startedMs: number;
  movedMs: number;
}

/** Searches for nobody yet. */
export function createScopeSearch({ store, clock, monotonicMs }: ScopeSearchDeps): ScopeSearch {
  const byUser = new Map<string, Set<Searched>>();
  let count = 0;

  const all = () => Array.from(byUser.values(), (ofUser) => [...ofUser]).flat();

  async function findStarted(batch: readonly Searched[]): Promise<void> {
    const [nowMs, begunMs] = [monotonicMs(), clock()];
    for (const each of batch) each.startedMs = nowMs;
    const scopes = batch.map(({ watch }) => watch.position());
    const found = await store.started(scopes, startedMax);
    for (const [place, { watch }] of batch.entries()) watch.found(found[place] ?? [], begunMs);
  }

  async function findMoved(batch: readonly Searched[]): Promise<void> {
    const [nowMs, begunMs] = [monotonicMs(), clock()];
    for (const each of batch) each.movedMs = nowMs;
    const scopes = batch.map(({ watch }) => watch.news());
    const found = await store.moved(scopes, startedMax);
    for (const [place, { watch }] of batch.entries()) watch.foundMoved(found[place] ?? [], begunMs);
  }

  return {
    add(subject, watch) {
      const key = keyOf(subject.tenantId, subject.userId);
      const never = Number.NEGATIVE_INFINITY;
      const searched = { watch, startedMs: never, movedMs: never };
      const ofUser = byUser.get(key) ?? new Set();
      byUser.set(key, ofUser.add(searched));
      count += 1;
      return () => {
        if (!ofUser.delete(searched)) return;
        count -= 1;
        if (ofUser.size === 0 && byUser.get(key) === ofUser) byUser.delete(key);
      };
    },
    notice(item) {
      for (const { watch } of byUser.get(keyOf(item.tenantId, item.createdBy)) ?? []) watch.notice(item);
    },
    async look({ startedMs, movedMs }) {
      const nowMs = monotonicMs();
      await inBatches(
        all().filter((each) => nowMs - each.startedMs >= startedMs),
        findStarted,
      );
      await inBatches(
        all().filter((each) => nowMs - each.movedMs >= movedMs || each.watch.hasNews()),
        findMoved,
      );
    },
    count: () => count,
  };
}

async function inBatches(
  due: readonly Searched[],
  search: (batch: readonly Searched[]) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < due.length; at += scopesMax) await search(due.slice(at, at + scopesMax));
}

function keyOf(tenantId: string, userId: string): string {
  return `${tenantId}/${userId}`;
}
