// Makes the indexes of a stopped dynalite agree with its items. dynalite writes an item and its index entries one after the
// other, so a kill can leave an entry without an item or an item without its entry; entries follow from items alone.
import {
  getIndexActions,
  type LevelStore,
  type Operation,
  type SecondaryIndex,
  type Table,
} from 'dynalite/db/index.js';

const batchOperationsMax = 500;

/** What a repair changed: index entries taken away and put in (a changed entry counts as put in). */
export interface RepairCounts {
  readonly removed: number;
  readonly added: number;
}

/** Repairs every table of an open store that nothing else uses. Repeating it changes nothing. */
export async function repairIndexes(store: LevelStore): Promise<RepairCounts> {
  let [removed, added] = [0, 0];
  for await (const [, value] of store.iterator(under('table~'))) {
    const table = value as Table;
    for (const kind of ['Local', 'Global'] as const) {
      for (const index of table[`${kind}SecondaryIndexes`] ?? []) {
        const counts = await repairIndex(store, table, { kind, index });
        removed += counts.removed;
        added += counts.added;
      }
    }
  }
  return { removed, added };
}

interface IndexOfKind {
  readonly kind: 'Local' | 'Global';
  readonly index: SecondaryIndex;
}

async function repairIndex(
  store: LevelStore,
  table: Table,
  { kind, index }: IndexOfKind,
): Promise<RepairCounts> {
  const prefix = `index-${kind.toLowerCase()}~${table.TableName}~${index.IndexName}~`;
  const wanted = await wantedEntries(store, table, index);
  const operations: Operation[] = [];
  for await (const [key, value] of store.iterator(under(prefix))) {
    const entry = key.slice(prefix.length);
    if (wanted.get(entry) === JSON.stringify(value)) wanted.delete(entry);
    else if (!wanted.has(entry)) operations.push({ type: 'del', key });
  }
  const removed = operations.length;
  for (const [entry, value] of wanted)
    operations.push({ type: 'put', key: prefix + entry, value: JSON.parse(value) });
  for (let at = 0; at < operations.length; at += batchOperationsMax) {
    await store.batch(operations.slice(at, at + batchOperationsMax));
  }
  return { removed, added: wanted.size };
}

/** The entries that the items of a table call for, as JSON by key. */
async function wantedEntries(
  store: LevelStore,
  table: Table,
  index: SecondaryIndex,
): Promise<Map<string, string>> {
  const wanted = new Map<string, string>();
  for await (const [, item] of store.iterator(under(`item-${table.TableName}~`))) {
    for (const { key, item: entry } of getIndexActions([index], undefined, item, table).puts) {
      wanted.set(key, JSON.stringify(entry));
    }
  }
  return wanted;
}

/** All keys that begin with the prefix. */
function under(prefix: string): { readonly gte: string; readonly lt: string } {
  return { gte: prefix, lt: `${prefix}\u{10FFFF}` };
}
