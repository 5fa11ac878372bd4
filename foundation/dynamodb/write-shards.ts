// Spreads what a tenant writes over several partitions of an index, where one would become hot. With one shard, the default, keys are those
// of the tenant alone; the number may grow at any time and never shrink, since readers look into every shard there is.
import { createHash } from 'node:crypto';

/** Most shards of a tenant. */
export const writeShardsMax = 64;

/** The tenant's part of a key in a shard: the tenant itself in shard 0, else `<tenant>~<shard>`. Shards count from 0. */
export function tenantShard(tenantId: string, shard: number): string {
  return shard === 0 ? tenantId : `${tenantId}~${shard}`;
}

/** In which of `shards` shards an item lies, by its public id. */
export function shardOfItem(id: string, shards: number): number {
  return createHash('sha256').update(id).digest().readUInt32BE(0) % shards;
}

/** The tenant's part of the keys of all shards. */
export function tenantShards(tenantId: string, shards: number): readonly string[] {
  return Array.from({ length: shards }, (_, shard) => tenantShard(tenantId, shard));
}
