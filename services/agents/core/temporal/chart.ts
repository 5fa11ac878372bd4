// A chart parser: from what single words mean to everything that runs of words can mean by the rules, bottom up. It chooses nothing.

import type { Category, Setting } from './meaning.ts';
import type { Meaning, Rule } from './rule.ts';

/** A meaning of the tokens `from` (inclusive) to `to` (exclusive). */
export interface Item {
  readonly from: number;
  readonly to: number;
  readonly meaning: Meaning;
  /** The weights of all rules in it, summed. */
  readonly weight: number;
}

/** A rule that waits for its next place to be filled at token `to`. */
interface Edge {
  readonly rule: Rule;
  readonly from: number;
  readonly to: number;
  readonly filled: number;
  readonly values: readonly unknown[];
  readonly weight: number;
}

/** Rules by what their first place takes. */
export interface Grammar {
  readonly byCategory: ReadonlyMap<Category, readonly Rule[]>;
  readonly byWord: ReadonlyMap<string, readonly Rule[]>;
}

/** The most meanings that one run of words may gather; what comes later is dropped. */
const itemsMax = 1500;
/** The most meanings of one category for the same tokens. */
const samePlaceMax = 6;

/** Sorts the rules by their first place. */
export function grammarOf(rules: readonly Rule[]): Grammar {
  const byCategory = new Map<Category, Rule[]>();
  const byWord = new Map<string, Rule[]>();
  for (const rule of rules) {
    const [first] = rule.places;
    if (first === undefined) continue;
    if ('category' in first) add(byCategory, first.category, rule);
    else for (const word of first.words) add(byWord, word, rule);
  }
  return { byCategory, byWord };
}

/** The rule before any of its places is filled. */
function begin(rule: Rule, from: number): Edge {
  return { rule, from, to: from, filled: 0, values: [], weight: rule.weight };
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** What the run of words can mean: the given items and all that the rules make of them and of the words. */
export function parseRun(
  words: readonly string[],
  seeds: readonly Item[],
  grammar: Grammar,
  setting: Setting,
): readonly Item[] {
  const items: Item[] = [];
  const itemsFrom: Item[][] = words.map(() => []);
  const edgesTo: Edge[][] = [...words, ''].map(() => []);
  const places = new Map<string, number>();
  const agenda: Item[] = [...seeds].reverse();

  const complete = (edge: Edge): void => {
    const value = edge.rule.make(edge.values, setting);
    if (value === undefined) return;
    const meaning = { category: edge.rule.gives, value } as Meaning;
    agenda.push({ from: edge.from, to: edge.to, meaning, weight: edge.weight });
  };
  const advance = (edge: Edge): void => {
    const place = edge.rule.places[edge.filled];
    if (place === undefined) {
      complete(edge);
      return;
    }
    const word = words[edge.to];
    if (word === undefined) return;
    if ('words' in place) {
      if (place.words.includes(word)) advance({ ...edge, to: edge.to + 1, filled: edge.filled + 1 });
      return;
    }
    edgesTo[edge.to]?.push(edge);
    for (const item of itemsFrom[edge.to] ?? []) fill(edge, item);
  };
  const fill = (edge: Edge, item: Item): void => {
    const place = edge.rule.places[edge.filled];
    if (place === undefined || !('category' in place) || place.category !== item.meaning.category) return;
    const values = [...edge.values, item.meaning.value];
    advance({ ...edge, to: item.to, filled: edge.filled + 1, values, weight: edge.weight + item.weight });
  };
  words.forEach((word, index) => {
    for (const rule of grammar.byWord.get(word) ?? []) advance(begin(rule, index));
  });
  for (let item = agenda.pop(); item !== undefined && items.length < itemsMax; item = agenda.pop()) {
    const key = `${item.from} ${item.to} ${item.meaning.category}`;
    const count = places.get(key) ?? 0;
    if (count >= samePlaceMax) continue;
    places.set(key, count + 1);
    items.push(item);
    itemsFrom[item.from]?.push(item);
    for (const edge of [...(edgesTo[item.from] ?? [])]) fill(edge, item);
    for (const rule of grammar.byCategory.get(item.meaning.category) ?? []) {
      fill(begin(rule, item.from), item);
    }
  }
  return items;
}
