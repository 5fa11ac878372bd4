// From a 32-bit hash to the row that it stands for, by open addressing. Two names with one hash are one row: whoever keeps names
// here accepts a wrong hit now and then.

/** The row of a hash, -1 for one that is not among them. */
export type RowOf = (hash: number) => number;

/** A table of the hashes, each of which stands for its own index. Of equal hashes the first counts. */
export function createRowOf(hashes: Uint32Array): RowOf {
  const slots = 2 ** Math.ceil(Math.log2(hashes.length * 2 + 2));
  const mask = slots - 1;
  const rows = new Int32Array(slots).fill(-1);
  const slotOf = (hash: number): number => {
    let slot = Math.imul(hash, 0x9e3779b1) & mask;
    for (let row = rows[slot] ?? -1; row >= 0 && hashes[row] !== hash; row = rows[slot] ?? -1) {
      slot = (slot + 1) & mask;
    }
    return slot;
  };
  for (const [row, hash] of hashes.entries()) {
    const slot = slotOf(hash);
    if (rows[slot] === -1) rows[slot] = row;
  }
  return (hash) => rows[slotOf(hash)] ?? -1;
}
