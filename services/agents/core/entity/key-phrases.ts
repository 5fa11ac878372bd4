// The noun phrases that say what a text is about.

import type { Span } from '../skill.ts';
import { withoutOverlap } from '../text/span.ts';
import { assetNames } from './asset-words.ts';
import type { TaggedWord } from './tagger.ts';

/** A phrase in the form in which equal ones count together: lower case unless it holds a name. */
export interface KeyPhrase extends Span {
  readonly phrase: string;
}

/** The most phrases of one report. */
export const keyPhrasesMax = 8;

const phraseWordsMax = 4;
const acronymLengthMax = 6;
const assets = new Set(assetNames.flatMap((name) => [name, `${name}s`]));
const assetWords = new Set(
  assetNames.flatMap((name) => name.split(' ')).flatMap((word) => [word, `${word}s`]),
);
/** Words that the tagger often takes for verbs and that name things here. */
const nounAnyway = new Set(
  [...assetNames.filter((name) => !name.includes(' ')), 'light', 'sign', 'signal', 'lane', 'ramp'].flatMap(
    (word) => [word, `${word}s`],
  ),
);
const neverInside = new Set('of the a an to in on for and with all at by or but'.split(' '));
const emptyNouns = new Set(
  `thing things way lot lots one ones people person someone time times day days week weeks month months year years hour hours minute minutes
   today yesterday tomorrow tonight morning afternoon evening night side sides front back area place spot part end middle top bottom
   hi hello thanks thank please problem problems issue issues question nature location details detail type exact kind bit couple number
   case report reports help everyone anyone somebody nobody everything anything nothing something here there reason fact
   street road corner block city house color model make mr mrs ms dr am pm asap other others many much such same own few several more
   most last next new old big large huge small little good bad great nice entire whole various sense looks look head photo picture pic driving basis ability ton mistake job fail must work works need needs past row rest docks waking cut eye jus owned app exact`.split(
    /\s+/,
  ),
);

const barred: readonly string[] = [
  'Pronoun',
  'Date',
  'Determiner',
  'Verb',
  'Possessive',
  'Expression',
  'Value',
  'Preposition',
  'Conjunction',
  'Adverb',
];

/** The best phrases in text order, at most `keyPhrasesMax`; equal phrases once, at their first place. */
export function findKeyPhrases(text: string, sentences: readonly TaggedWord[][]): KeyPhrase[] {
  const candidates = sentences.flatMap((words) => phrasesIn(text, words));
  const seen = new Set<string>();
  const unique = candidates.filter(({ phrase }) => !seen.has(phrase) && seen.add(phrase));
  const ranked = unique.sort((a, b) => weightOf(b) - weightOf(a) || a.start - b.start);
  return withoutOverlap(ranked.slice(0, keyPhrasesMax));
}

function phrasesIn(text: string, words: readonly TaggedWord[]): KeyPhrase[] {
  const found: KeyPhrase[] = [];
  for (let at = 0; at < words.length; at += 1) {
    let last = at;
    if (!opens(words[at])) continue;
    while (
      last + 1 < words.length &&
      last - at + 1 < phraseWordsMax &&
      !words[last + 1]?.apart &&
      opens(words[last + 1])
    )
      last += 1;
    const phrase = phraseOf(text, words.slice(at, last + 1));
    if (phrase !== undefined) found.push(phrase);
    at = last;
  }
  return found;
}

function opens(word: TaggedWord | undefined): boolean {
  if (word === undefined || !/\p{L}/u.test(word.text)) return false;
  const { tags } = word;
  const lower = word.text.toLowerCase();
  if (neverInside.has(lower)) return false;
  if (barred.some((tag) => tags.has(tag)) && !nounAnyway.has(lower)) return false;
  return tags.has('Noun') || tags.has('Adjective') || nounAnyway.has(lower);
}

/** The run without empty words at its ends; none when no telling noun is left. */
function phraseOf(text: string, run: readonly TaggedWord[]): KeyPhrase | undefined {
  let words = run;
  while (words.length > 0 && isEmpty(words[0])) words = words.slice(1);
  while (words.length > 0 && (isEmpty(words.at(-1)) || !isNounLike(words.at(-1)))) words = words.slice(0, -1);
  const first = words[0];
  const last = words.at(-1);
  const repeats = new Set(words.map((word) => word.text.toLowerCase())).size < words.length;
  if (first === undefined || last === undefined || last.end - first.start < 3 || repeats) return undefined;
  const raw = text.slice(first.start, last.end).replace(/\s+/g, ' ');
  const named = words.some((word) => word.tags.has('ProperNoun') || word.tags.has('Acronym'));
  const shouted = !/\p{Ll}/u.test(raw) && raw.length > acronymLengthMax;
  return { start: first.start, end: last.end, phrase: named && !shouted ? raw : raw.toLowerCase() };
}

function isEmpty(word: TaggedWord | undefined): boolean {
  return word === undefined || emptyNouns.has(word.text.toLowerCase()) || word.text.length < 2;
}

function isNounLike(word: TaggedWord | undefined): boolean {
  return word !== undefined && (word.tags.has('Noun') || nounAnyway.has(word.text.toLowerCase()));
}

/** Two and three words say most; things of the town count double; a lone word must be such a thing to rank high. */
function weightOf({ phrase }: KeyPhrase): number {
  const words = phrase.toLowerCase().split(' ');
  const length = words.length === 1 ? 1 : words.length <= 3 ? 2.5 : 2;
  const known = assets.has(phrase.toLowerCase()) ? 3 : words.some((word) => assetWords.has(word)) ? 1.5 : 0;
  return length + known;
}
