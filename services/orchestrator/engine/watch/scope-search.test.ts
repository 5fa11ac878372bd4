// Searching for many watchers at once: none is left out because another has much to find, or cannot be searched for.
import { describe, expect, it } from '@jest/globals';
import type { News, NewsScope, StoreView } from '../../core/watch-reads.ts';
import { createScopeSearch, scopesMax } from './scope-search.ts';
import type { ScopeWatch } from './scope-watch.ts';

const view: StoreView = { atMs: 0, oldest: 1, next: 1, pending: [] };
const found: News = { view, runs: [] };

interface Watching {
  readonly watch: ScopeWatch;
  readonly searches: () => number;
}

/** A watcher of somebody's runs; `onFound` is called with each answer. */
function watching(userId: string, onFound: () => void = () => undefined): Watching {
  let searches = 0;
  let hasNews = true;
  const scope: NewsScope = { tenantId: 'tenant', userId, seen: view, afterId: '' };
  const watch: ScopeWatch = {
    begin: async () => undefined,
    notice: () => undefined,
    news: () => {
      searches += 1;
      hasNews = false;
      return scope;
    },
    hasNews: () => hasNews,
    found: () => {
      hasNews = true; // there is always more
      onFound();
    },
    missed: () => {
      hasNews = true;
    },
    take: () => true,
    vector: () => ({ seen: view, search: undefined, runs: new Map() }),
    leave: () => undefined,
  };
  return { watch, searches: () => searches };
}

function searchOver(news: (scopes: readonly NewsScope[]) => News[]) {
  return createScopeSearch({ store: { news: async (scopes) => news(scopes) }, monotonicMs: () => 0 });
}

const subjectOf = (userId: string) => ({ tenantId: 'tenant', userId });

describe('searching for watchers', () => {
  it('looks for everybody although one of them always has more to find', async () => {
    const search = searchOver((scopes) => scopes.map(() => found));
    const busy = watching('busy', () => search.hurry());
    search.add(subjectOf('busy'), busy.watch);
    search.hurry();
    const quiet = watching('quiet');
    search.add(subjectOf('quiet'), quiet.watch);
    await search.look(0);
    expect(quiet.searches()).toBeGreaterThan(0);
    expect(busy.searches()).toBeGreaterThan(0);
    busy.watch.found = () => undefined;
    await search.settled();
  });

  it('answers others although one cannot be searched for, and searches for that one alone from then on', async () => {
    const sizes: number[] = [];
    const search = searchOver((scopes) => {
      sizes.push(scopes.length);
      if (scopes.some(({ userId }) => userId === 'user-0')) throw new Error('The statement took too long');
      return scopes.map(() => found);
    });
    const answered = new Set<string>();
    for (let at = 0; at < scopesMax * 2; at += 1) {
      const userId = `user-${at}`;
      search.add(subjectOf(userId), watching(userId, () => answered.add(userId)).watch);
    }
    await expect(search.look(0)).rejects.toThrow('took too long');
    expect(answered.size).toBe(scopesMax * 2 - 1);
    await expect(search.look(0)).rejects.toThrow('took too long');
    expect(sizes.slice(-3)).toEqual([scopesMax, scopesMax - 1, 1]);
  });
});
