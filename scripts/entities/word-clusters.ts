// Clusters of words by the direction of their vectors (spherical k-means), in three levels: 64 clusters of 4 of 4. Words in one cluster
// live among the same words: given names, teams, towns of one country.
import { createChance } from './chance.ts';

/** Vectors of equal length, one after another, the most common word's first. */
export interface WordVectors {
  readonly values: Float32Array;
  readonly dimensions: number;
}

const levels = [64, 4, 4];
const rounds = 8;
/** Only the most common words shape the clusters; the rare ones, whose vectors are poor, are sorted in. */
const shapingMax = 100_000;

/** The cluster of each word, 0..1023, the number of its outermost cluster in the upper six bits. */
export function clusterWords({ values, dimensions }: WordVectors): Uint16Array {
  const unit = normalised(values, dimensions);
  const clusters = new Uint16Array(values.length / dimensions);
  let groups: readonly number[][] = [[...clusters.keys()]];
  for (const parts of levels) {
    groups = groups.flatMap((rows) => {
      const centres = centresOf(rows, parts, { values: unit, dimensions });
      const split = Array.from({ length: parts }, (): number[] => []);
      for (const row of rows) {
        const part = nearest(row, centres, { values: unit, dimensions });
        split[part]?.push(row);
        clusters[row] = (clusters[row] ?? 0) * parts + part;
      }
      return split;
    });
  }
  return clusters;
}

function normalised(values: Float32Array, dimensions: number): Float32Array {
  const unit = Float32Array.from(values);
  for (let at = 0; at < unit.length; at += dimensions) {
    const vector = unit.subarray(at, at + dimensions);
    const length = Math.hypot(...vector) || 1;
    for (let part = 0; part < dimensions; part += 1) vector[part] = (vector[part] ?? 0) / length;
  }
  return unit;
}

/** The centres, one after another. A centre that loses all its words stays where it was. */
function centresOf(
  rows: readonly number[],
  count: number,
  { values, dimensions }: WordVectors,
): Float32Array {
  const shaping = rows.filter((row) => row < shapingMax);
  const seeds = createChance(7).shuffled(shaping.length < count ? rows : shaping);
  let centres: Float32Array = new Float32Array(count * dimensions);
  for (let part = 0; part < count; part += 1) {
    const seed = seeds[part % Math.max(1, seeds.length)] ?? 0;
    centres.set(values.subarray(seed * dimensions, (seed + 1) * dimensions), part * dimensions);
  }
  for (let round = 0; round < rounds; round += 1) {
    const sums = new Float32Array(centres.length);
    for (const row of shaping) {
      const part = nearest(row, centres, { values, dimensions });
      for (let at = 0; at < dimensions; at += 1) {
        const sum = part * dimensions + at;
        sums[sum] = (sums[sum] ?? 0) + (values[row * dimensions + at] ?? 0);
      }
    }
    for (let part = 0; part < count; part += 1) {
      const [from, to] = [part * dimensions, (part + 1) * dimensions];
      if (sums.subarray(from, to).every((value) => value === 0)) sums.set(centres.subarray(from, to), from);
    }
    centres = normalised(sums, dimensions);
  }
  return centres;
}

/** The number of the centre in whose direction the word's vector points most; of equal ones the first. */
function nearest(row: number, centres: Float32Array, { values, dimensions }: WordVectors): number {
  const from = row * dimensions;
  let best = 0;
  let most = -Infinity;
  for (let part = 0, at = 0; at < centres.length; part += 1) {
    let sum = 0;
    for (let own = from; own < from + dimensions; own += 1, at += 1) {
      sum += (values[own] ?? 0) * (centres[at] ?? 0);
    }
    if (sum > most) {
      most = sum;
      best = part;
    }
  }
  return best;
}
