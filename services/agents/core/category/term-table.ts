// The grams that a model knows, and a text as weights of them: the logarithm of how often, times how rare (TF-IDF), each kind of gram
// brought to the same length. Grams that the model does not know are passed over.

import { type Gram, gramKinds } from './grams.ts';

/** The known grams. Parallel lists: the same place is the same gram, the gram's row. */
export interface TermTable {
  readonly hashes: Uint32Array;
  /** In how many training texts each occurs. */
  readonly documents: Uint16Array;
  /** How many training texts there were. */
  readonly documentCount: number;
  /** Row by hash. */
  readonly rows: ReadonlyMap<number, number>;
}

/** A text as the rows that it has, each once, and their weights in the same order. */
export interface SparseVector {
  readonly rows: readonly number[];
  readonly values: readonly number[];
}

/** How long the part of a vector is that grams of one kind make: ideas are few and would drown the words. */
const kindLengths: readonly number[] = [1, 1, 0.4];

/** A table with the way from a hash to its row. */
export function createTermTable(table: Omit<TermTable, 'rows'>): TermTable {
  return { ...table, rows: new Map(Array.from(table.hashes, (hash, row) => [hash, row])) };
}

/** The grams of a text as a vector; every kind that occurs has a length of its own. */
export function vectorOf(grams: readonly Gram[], table: TermTable): SparseVector {
  const counts = gramKinds.map(() => new Map<number, number>());
  for (const { kind, hash } of grams) {
    const row = table.rows.get(hash);
    const ofKind = counts[kind];
    if (row !== undefined && ofKind) ofKind.set(row, (ofKind.get(row) ?? 0) + 1);
  }
  const rows: number[] = [];
  const values: number[] = [];
  for (const [kind, ofKind] of counts.entries()) {
    const kindLength = kindLengths[kind] ?? 0;
    const weights = [...ofKind].map(([row, count]) => (1 + Math.log(count)) * rarity(table, row));
    const length = Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
    rows.push(...ofKind.keys());
    values.push(...weights.map((weight) => (kindLength * weight) / length));
  }
  return { rows, values };
}

function rarity({ documents, documentCount }: TermTable, row: number): number {
  return Math.log((1 + documentCount) / (1 + (documents[row] ?? 0))) + 1;
}
