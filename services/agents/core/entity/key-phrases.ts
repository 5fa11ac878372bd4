// The phrases that a dispatcher would mark in a report: what it is about, what is the matter with it, and the names in it. Times, feelings
// and courtesies are no key phrases.

import type { Span } from '../skill.ts';
import { withoutOverlap } from '../text/span.ts';
import type { EntityMention } from './named-entities.ts';
import {
  assetPhrases,
  assetWords,
  emptyNouns,
  holdingWords,
  matterWords,
  stateWords,
} from './phrase-words.ts';
import type { TaggedWord } from './tagger.ts';

/** A phrase in the form in which equal ones count together: lower case unless it holds a name. */
export interface KeyPhrase extends Span {
  readonly phrase: string;
}

/** A text and what is known of it. */
export interface PhraseReading {
  readonly text: string;
  /** What the tagger makes of the text. */
  readonly sentences: readonly (readonly TaggedWord[])[];
  /** All that the text names; a name is a phrase as a whole. */
  readonly names: readonly EntityMention[];
}

/** The most phrases of one report. */
export const keyPhrasesMax = 10;

interface Candidate extends KeyPhrase {
  readonly worth: number;
}

const phraseWordsMax = 4;
const acronymLengthMax = 6;
/** A lone noun that is neither a thing of the town nor a matter counts only where little else was found. */
const loneWorth = 1;
const enoughWithoutLone = 4;
const nameWorth = 4;
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
const adverb = /^(?!family|assembly|supply|ally|fly|july).{3,}ly$/;
const neverInside = new Set(
  `of the a an to in on for and with all at by or but this that these those is are was were be it not no near over under around across behind
   along between from into onto off through without like via per than while now up down out`.split(/\s+/),
);

/** The best phrases in text order, at most `keyPhrasesMax`; equal phrases once, at their first place. */
export function findKeyPhrases({ text, sentences, names }: PhraseReading): KeyPhrase[] {
  const named = names.filter(({ kind }) => kind !== undefined).flatMap((name) => phraseOfName(text, name));
  const things = names.filter(({ kind }) => kind === undefined);
  const nouns = sentences
    .flatMap((words) => runsOf(words, { named, things }))
    .flatMap((run) => phraseOfRun(text, run));
  const distinct = withoutRepeats([...named, ...nouns]);
  const telling = distinct.filter(({ worth }) => worth > loneWorth);
  const kept = telling.length >= enoughWithoutLone ? telling : distinct;
  const ranked = [...kept].sort((a, b) => b.worth - a.worth || a.start - b.start);
  return withoutOverlap(ranked.slice(0, keyPhrasesMax)).map(({ start, end, phrase }) => ({
    start,
    end,
    phrase,
  }));
}

function phraseOfName(text: string, { start, end }: Span): Candidate[] {
  const phrase = text.slice(start, end).replace(/\s+/g, ' ');
  return [{ start, end, phrase, worth: nameWorth }];
}

interface Mentions {
  readonly named: readonly Span[];
  readonly things: readonly Span[];
}

/** The longest runs of words that may stand in a phrase, none of them inside a name; a thing of the town is never cut. */
function runsOf(words: readonly TaggedWord[], { named, things }: Mentions): TaggedWord[][] {
  const runs: TaggedWord[][] = [];
  let run: TaggedWord[] = [];
  const close = (): void => {
    if (run.length > 0) runs.push(run);
    run = [];
  };
  for (const [at, word] of words.entries()) {
    if (word.apart) close();
    const inName = named.some((name) => overlap(name, word));
    const inThing = things.some((thing) => overlap(thing, word));
    if (!inName && (inThing || mayStand(word))) run.push(word);
    else if (!inName && holds(run.at(-1), word) && mayStand(words[at + 1])) run.push(word);
    else close();
  }
  close();
  return runs.flatMap(cutLong);
}

function overlap(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

/** A run that is too long is cut behind its heads, so that its last words stay together. */
function cutLong(run: TaggedWord[]): TaggedWord[][] {
  if (run.length <= phraseWordsMax || run.some(({ text }) => /^of$/i.test(text))) return [run];
  return [run.slice(0, -phraseWordsMax), run.slice(-phraseWordsMax)];
}

function holds(before: TaggedWord | undefined, word: TaggedWord): boolean {
  return before !== undefined && /^of$/i.test(word.text) && holdingWords.has(before.text.toLowerCase());
}

function mayStand(word: TaggedWord | undefined): boolean {
  if (word === undefined || !/\p{L}{2}/u.test(word.text)) return false;
  const lower = word.text.toLowerCase();
  if (neverInside.has(lower)) return false;
  if (isKnown(lower) || stateWords.has(lower)) return true;
  if (adverb.test(lower)) return false;
  const { tags } = word;
  return (tags.has('Noun') || tags.has('Adjective')) && !barred.some((tag) => tags.has(tag));
}

function isKnown(lower: string): boolean {
  return assetWords.has(lower) || matterWords.has(lower);
}

/** The run without empty words at its ends; none when no telling noun is left. */
function phraseOfRun(text: string, run: readonly TaggedWord[]): Candidate[] {
  let words = run;
  while (words.length > 0 && isEmpty(words[0])) words = words.slice(1);
  while (words.length > 0 && (isEmpty(words.at(-1)) || !mayEnd(words.at(-1)))) words = words.slice(0, -1);
  const [first, last] = [words[0], words.at(-1)];
  const repeats = new Set(words.map((word) => word.text.toLowerCase())).size < words.length;
  if (first === undefined || last === undefined || last.end - first.start < 3 || repeats) return [];
  const raw = text.slice(first.start, last.end).replace(/\s+/g, ' ');
  const named = words.some((word) => word.tags.has('ProperNoun') || word.tags.has('Acronym'));
  const shouted = !/\p{Ll}/u.test(raw) && raw.length > acronymLengthMax;
  const phrase = named && !shouted ? raw : raw.toLowerCase();
  return [{ start: first.start, end: last.end, phrase, worth: worthOf(words) }];
}

function isEmpty(word: TaggedWord | undefined): boolean {
  return word === undefined || emptyNouns.has(word.text.toLowerCase());
}

function mayEnd(word: TaggedWord | undefined): boolean {
  if (word === undefined) return false;
  const lower = word.text.toLowerCase();
  return isKnown(lower) || (word.tags.has('Noun') && !stateWords.has(lower));
}

/** Things of the town and what is the matter say most, the more the better they are described. */
function worthOf(words: readonly TaggedWord[]): number {
  const lower = words.map(({ text }) => text.toLowerCase());
  const last = lower.at(-1) ?? '';
  const known = assetPhrases.has(lower.join(' ')) || isKnown(last) ? 2 : lower.some(isKnown) ? 1 : 0;
  return loneWorth + known + (words.length > 1 ? 0.5 : 0);
}

/** Each phrase once, and none whose words another one has at its end: "cover" goes where "manhole cover" stands. */
function withoutRepeats(candidates: readonly Candidate[]): Candidate[] {
  const wordings = new Set(candidates.map(({ phrase }) => phrase.toLowerCase()));
  const seen = new Set<string>();
  return candidates.filter(({ phrase }) => {
    const own = phrase.toLowerCase();
    const within = [...wordings].some((other) => other !== own && other.endsWith(` ${own}`));
    if (within || seen.has(own)) return false;
    seen.add(own);
    return true;
  });
}
