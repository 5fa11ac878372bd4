// How much of what a text says is said by another one, by its words: rare words weigh more, and words that are written alike count in part.
// It knows letters and no meaning: "car" and "vehicle" have nothing in common.
import { normaliseName } from '../text/words.ts';

/** Ranks texts by their likeness to one text. */
export interface Likeness {
  /** 0 (no word in common) to 1 (every word is there), in two digits. */
  scoreOf(text: string): number;
  /** The words that count, in their order; empty when the text has none. */
  readonly words: readonly string[];
}

/** The most words of a text that count. */
export const wordsMax = 40;

const likeMin = 0.5;
const emptyWords = new Set(
  (
    'a about after all an and any are as at be been before but by can do does for from had has have he her here his how i if in into is it ' +
    'its just me my no not of off on or our out over she so some that the their them then there these they this those to too under up us ' +
    'very was we were what when where which while who why will with you your'
  ).split(' '),
);

/** The likeness of each text to this one; `texts` say which words are rare. */
export function likenessTo(wanted: string, texts: readonly string[]): Likeness {
  const words = wordsIn(wanted).slice(0, wordsMax);
  const known = texts.map(wordsIn);
  const weights = words.map((word) => {
    const holding = known.filter((one) => one.includes(word)).length;
    return Math.log(1 + (known.length + 1) / (holding + 1));
  });
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    words,
    scoreOf: (text) => {
      const said = wordsIn(text);
      const found = words.reduce((sum, word, at) => sum + (weights[at] ?? 0) * bestLike(word, said), 0);
      return whole === 0 ? 0 : Math.round((100 * found) / whole) / 100;
    },
  };
}

/** The words of a text that say something, each once, in the form in which they are compared. */
function wordsIn(text: string): string[] {
  const words = normaliseName(text)
    .split(' ')
    .filter((word) => word.length > 1 && !emptyWords.has(word));
  return [...new Set(words)];
}

function bestLike(word: string, said: readonly string[]): number {
  if (said.includes(word)) return 1;
  return said.reduce((best, other) => Math.max(best, like(word, other)), 0);
}

/** Dice's coefficient of the pairs of letters, with word ends as letters; 0 for words that are less than half alike. */
function like(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > Math.max(a.length, b.length) / 2) return 0;
  const [first, second] = [pairsOf(a), pairsOf(b)];
  const rest = [...second];
  const common = first.filter((pair) => {
    const at = rest.indexOf(pair);
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  }).length;
  const share = (2 * common) / (first.length + second.length);
  return share < likeMin ? 0 : share;
}

function pairsOf(word: string): string[] {
  const letters = [...` ${word} `];
  return letters.slice(1).map((letter, at) => `${letters[at]}${letter}`);
}
