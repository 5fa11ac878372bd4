// What one reader is told: in order, from a sign of life on, and never more than fits.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Change } from '../core/change.ts';
import { type ChangeWatcher, createChangeWatcher, type News, waitingNewsMax } from './change-watcher.ts';

const change = (entityId: string): Change => ({ tenantId: 'tenant', entityType: 'agent', entityId });

let nowMs: number;
let watcher: ChangeWatcher;
let leave: AbortController;
let stream: AsyncGenerator<News>;
beforeEach(() => {
  nowMs = 0;
  watcher = createChangeWatcher(() => nowMs);
  leave = new AbortController();
  stream = watcher.read(leave.signal);
});

const tell = (...news: News[]): void => {
  for (const each of news) watcher.tell(each, nowMs);
};
const ids = async (): Promise<string[]> => {
  const read = await Array.fromAsync(stream);
  return read.map((news) => (news === 'alive' ? news : news.entityId));
};

describe('a watcher', () => {
  it('is told changes in their order, also those that come while it waits', async () => {
    tell('alive', change('a'));
    const reading = ids();
    await new Promise(setImmediate);
    tell(change('b'), 'alive', change('c'));
    watcher.end();
    expect(await reading).toEqual(['alive', 'a', 'b', 'alive', 'c']);
  });

  it('is told nothing before the first sign of life', async () => {
    tell(change('early'), 'alive', change('late'));
    watcher.end();
    expect(await ids()).toEqual(['alive', 'late']);
  });

  it('is told the last of several signs alone, and none that is more than a second old', async () => {
    tell('alive');
    await stream.next();
    tell('alive', change('a'), 'alive', change('b'));
    nowMs += 1_000;
    expect([await stream.next(), await stream.next()]).toMatchObject([
      { value: { entityId: 'a' } },
      { value: 'alive' },
    ]);
    tell('alive', change('c'));
    nowMs += 1_001;
    watcher.end();
    expect(await ids()).toEqual(['b', 'c']);
  });

  it('ends with a fault when it reads too slowly, and then holds nothing', async () => {
    tell('alive');
    await stream.next();
    for (let told = 0; told <= waitingNewsMax; told += 1) tell(change(`${told}`));
    tell(change('more'));
    await expect(stream.next()).rejects.toMatchObject({ reason: 'resource_exhausted' });
  });

  it('ends with the fault that it is given, after what was told before', async () => {
    tell('alive', change('a'));
    watcher.end(new Fault('unavailable', 'Broken'));
    expect([await stream.next(), await stream.next()]).toMatchObject([
      { value: 'alive' },
      { value: { entityId: 'a' } },
    ]);
    await expect(stream.next()).rejects.toMatchObject({ reason: 'unavailable' });
  });

  it('ends when its reader leaves, though nothing comes', async () => {
    const reading = ids();
    leave.abort();
    expect(await reading).toEqual([]);
  });
});
