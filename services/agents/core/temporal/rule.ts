// The form of the rules: a pattern of words and categories, and what the whole means. "`the? <ordinal> <weekday> of|in <time>`" has an
// optional word, two words to choose from, and three categories whose meanings are handed to the maker in order.

import type { Category, Meanings, Setting } from './meaning.ts';

/** A meaning with its category. */
export type Meaning = {
  readonly [C in Category]: { readonly category: C; readonly value: Meanings[C] };
}[Category];

type Slots<P extends string> = P extends `${infer Head} ${infer Rest}`
  ? [...Slot<Head>, ...Slots<Rest>]
  : Slot<P>;
type Slot<W extends string> = W extends `<${infer Name}>`
  ? Name extends Category
    ? [Meanings[Name]]
    : never
  : [];

/** One place of a pattern: a category, or words of which one stands there. */
export type Place = { readonly category: Category } | { readonly words: readonly string[] };

/** A rule ready for the chart. Patterns with optional words give several. */
export interface Rule {
  readonly places: readonly Place[];
  readonly gives: Category;
  /** How readily this reading is taken when another covers the same words; 0 is usual. */
  readonly weight: number;
  /** Undefined when the meanings do not go together. */
  readonly make: (values: readonly unknown[], setting: Setting) => unknown;
}

/** Writes rules that give one category. */
export type RuleWriter<G extends Category> = <P extends string>(
  pattern: P,
  make: (values: Slots<P>, setting: Setting) => Meanings[G] | undefined,
  weight?: number,
) => readonly Rule[];

/** The writer of rules that give `gives`. */
export function giving<G extends Category>(gives: G): RuleWriter<G> {
  return (pattern, make, weight = 0) =>
    expand(pattern.split(' ')).map((words) => ({
      places: words.map(placeOf),
      gives,
      weight,
      // The pattern's type says what the places hold, and the chart puts in nothing else.
      make: make as Rule['make'],
    }));
}

/** All ways to leave out optional words. */
function expand([word, ...rest]: readonly string[]): string[][] {
  if (word === undefined) return [[]];
  const ways = expand(rest);
  const optional = word.endsWith('?') && word.length > 1;
  const taken = ways.map((way) => [optional ? word.slice(0, -1) : word, ...way]);
  return optional ? [...ways, ...taken] : taken;
}

function placeOf(word: string): Place {
  const category = /^<(?<name>\w+)>$/.exec(word)?.groups?.name;
  return category === undefined ? { words: word.split('|') } : { category: category as Category };
}

/** The words that any rule speaks of. */
export function vocabularyOf(rules: readonly Rule[]): ReadonlySet<string> {
  return new Set(
    rules.flatMap(({ places }) => places.flatMap((place) => ('words' in place ? place.words : []))),
  );
}
