// Counts how many names were found, by kind of name and by kind of text. A name counts when its span and its kind are exactly right.
import type { RecognizedName } from '../../services/agents/core/entity/recognizer/name-recognizer.ts';
import type { MarkedText } from './training-rows.ts';

/** The counts so far. */
export interface NameTally {
  add(row: MarkedText, found: readonly RecognizedName[]): void;
  /** One line for each kind of text (the id without its number) and for each kind of name, with precision, recall and F1. */
  table(): string;
}

interface Counts {
  right: number;
  found: number;
  marked: number;
}

/** An empty tally. */
export function createTally(): NameTally {
  const counts = new Map<string, Counts>();
  const under = (key: string): Counts => {
    const known = counts.get(key) ?? { right: 0, found: 0, marked: 0 };
    counts.set(key, known);
    return known;
  };
  return {
    add({ id, entities }, found) {
      const source = /^[a-z]+\d*-[a-z]+/.exec(id)?.[0] ?? id;
      const marked = new Set(entities.map(({ start, end, type }) => `${start} ${end} ${type}`));
      for (const { type } of entities) for (const key of ['all', source, type]) under(key).marked += 1;
      for (const { start, end, kind } of found) {
        for (const key of ['all', source, kind]) {
          under(key).found += 1;
          if (marked.has(`${start} ${end} ${kind}`)) under(key).right += 1;
        }
      }
    },
    table: () => [...counts].map(([key, each]) => lineOf(key, each)).join(''),
  };
}

function lineOf(key: string, { right, found, marked }: Counts): string {
  const figures = [right / found, right / marked, (2 * right) / (found + marked)];
  return `${key.padEnd(16)} ${figures.map((figure) => figure.toFixed(3)).join(' ')} n=${marked}\n`;
}
