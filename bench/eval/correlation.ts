// Pearson's correlation of pairs of numbers.

/** −1..1; 0 for fewer than two pairs, or when one side is always the same. */
export function correlation(pairs: readonly (readonly [number, number])[]): number {
  const mean = (side: 0 | 1): number => pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length;
  const [meanA, meanB] = [mean(0), mean(1)];
  let [together, ownA, ownB] = [0, 0, 0];
  for (const [a, b] of pairs) {
    together += (a - meanA) * (b - meanB);
    ownA += (a - meanA) ** 2;
    ownB += (b - meanB) ** 2;
  }
  return pairs.length < 2 || ownA === 0 || ownB === 0 ? 0 : together / Math.sqrt(ownA * ownB);
}
