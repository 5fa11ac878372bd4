// Shards of a tenant: the first is the tenant itself, and an item always finds its own.
import { describe, expect, it } from '@jest/globals';
import { newId } from '../ids/ids.ts';
import { shardOfItem, tenantShard, tenantShards } from './write-shards.ts';

describe('write shards', () => {
  it('leave keys as they are where there is one', () => {
    expect(tenantShards('tenant', 1)).toEqual(['tenant']);
    expect(shardOfItem(newId(), 1)).toBe(0);
  });

  it('spread items evenly, each always into the same one of those that are read', () => {
    const counts = new Map<string, number>();
    for (const id of Array.from({ length: 4_000 }, newId)) {
      const shard = shardOfItem(id, 8);
      expect(shardOfItem(id, 8)).toBe(shard);
      const key = tenantShard('tenant', shard);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([...tenantShards('tenant', 8)].sort());
    expect(Math.min(...counts.values())).toBeGreaterThan(350);
  });
});
