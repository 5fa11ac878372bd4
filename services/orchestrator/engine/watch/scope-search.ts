// Finds the runs that are started while somebody watches a session or everything of his own: by what replicas tell, and by a look into the
// executions, for all watchers in one statement.
import type { FeedEntries } from '../../core/feed-item.ts';
import type { WatchStore } from '../../store/store.ts';
import { type ScopeSubject, type ScopeWatch, startedMax } from './scope-watch.ts';

/** Scopes in one statement. */
export const scopesMax = 50;

/** What searching needs. */
export interface ScopeSearchDeps {
  readonly store: Pick<WatchStore, 'started'>;
  /** Milliseconds since the Unix epoch. */
  readonly clock: () => number;
  /** Spans of time, in milliseconds. */
  readonly monotonicMs: () => number;
}

/** Searches for all scopes of a process. */
export interface ScopeSearch {
  /** Searches for a scope that has begun, the first time at the next look. The answer ends it. */
  add(subject: ScopeSubject, watch: ScopeWatch): () => void;
  /** A run told something. */
  notice(item: FeedEntries): void;
  /** Searches for those of whom the last search was so many milliseconds ago. */
  look(everyMs: number): Promise<void>;
  count(): number;
}

interface Searched {
  readonly watch: ScopeWatch;
  searchedMs: number;
}

/** Searches for nobody yet. */
export function createScopeSearch({ store, clock, monotonicMs }: ScopeSearchDeps): ScopeSearch {
  const byUser = new Map<string, Set<Searched>>();
  let count = 0;

  async function search(batch: readonly Searched[], begunMs: number): Promise<void> {
    const found = await store.started(
      batch.map(({ watch }) => watch.position()),
      startedMax,
    );
    for (const [place, each] of batch.entries()) each.watch.found(found[place] ?? [], begunMs);
  }

  return {
    add(subject, watch) {
      const key = keyOf(subject.tenantId, subject.userId);
      const searched = { watch, searchedMs: Number.NEGATIVE_INFINITY };
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
    async look(everyMs) {
      const nowMs = monotonicMs();
      const due: Searched[] = [];
      for (const ofUser of byUser.values()) {
        for (const each of ofUser) if (nowMs - each.searchedMs >= everyMs) due.push(each);
      }
      for (let at = 0; at < due.length; at += scopesMax) {
        const batch = due.slice(at, at + scopesMax);
        for (const each of batch) each.searchedMs = nowMs;
        await search(batch, clock());
      }
    },
    count: () => count,
  };
}

function keyOf(tenantId: string, userId: string): string {
  return `${tenantId}/${userId}`;
}
