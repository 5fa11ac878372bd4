// What a question searches for: things, joined into alternatives ("leaks, hydrants and drains" are three, "snow on sidewalks" is one).

import { assetNames } from '../entity/asset-words.ts';
import type { Span } from '../skill.ts';
import { overlaps } from '../text/span.ts';
import { wordsOf } from '../text/words.ts';
import { questionWords, synonymGroups } from './question-words.ts';

/** One thing searched for: any of its words will do. */
export interface Topic {
  /** What is searched for: the question's word, a known thing in the singular. */
  readonly word: string;
  /** As the question writes it, lower case. */
  readonly said: string;
  /** The word and its synonyms, lower case, the word first. */
  readonly choices: readonly string[];
}

/** Things that belong together: a report is about them when it names all of them. Never empty. */
export type Alternative = readonly Topic[];

/** What a question searches for. */
export interface Subject {
  /** In the question's own words, as after "reports about"; empty without topics. */
  readonly text: string;
  /** In the order of the question; a report that fits one of them fits the question. Together at most `topicsMax` topics. */
  readonly alternatives: readonly Alternative[];
}

/** The most things that one question searches for; further words do not narrow. */
export const topicsMax = 6;

const compoundPattern = new RegExp(
  `\\b(${assetNames
    .filter((name) => name.includes(' '))
    .join('|')
    .replaceAll(' ', '\\s+')})(?:e?s)?\\b`,
  'gi',
);
const listed = /(?:[,;/&]|\b(?:and|or|as well as)\b)\s*(?:(?:the|a|an|other)\s*)?$/i;
/** Up to so many characters between two things are shown as they stand: "snow on sidewalks". */
const gapShownMax = 12;

/** Reads the subject; topics for which `isApart` holds, such as the tenant's own area, do not narrow. */
export function subjectOf(text: string, isApart: (word: string) => boolean): Subject {
  const alternatives = alternativesIn(text, isApart);
  const names = alternatives.map((topics) => nameOf(text, topics));
  return {
    text: choiceOf(names),
    alternatives: alternatives.map((topics) =>
      topics.map(({ word, said, choices }) => ({ word, said, choices })),
    ),
  };
}

/** "leaks", "leaks or drains", "leaks, hydrants or drains". */
export function choiceOf(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} or ${last}`;
}

interface FoundTopic extends Topic, Span {}

function alternativesIn(text: string, isApart: (word: string) => boolean): FoundTopic[][] {
  const alternatives: FoundTopic[][] = [];
  for (const topic of distinct(topicsIn(text).filter(({ word }) => !isApart(word)))) {
    const current = alternatives.at(-1);
    const before = current?.at(-1);
    if (current === undefined || before === undefined) alternatives.push([topic]);
    else if (listed.test(text.slice(before.end, topic.start))) alternatives.push([topic]);
    else current.push(topic);
  }
  return alternatives;
}

/** Known things of several words first ("street lights"), then single words, in text order, at most `topicsMax`. */
function topicsIn(text: string): FoundTopic[] {
  const compounds = [...text.matchAll(compoundPattern)].map((match) =>
    topicAt(match.index, match[0], match[1] ?? match[0]),
  );
  const words = wordsOf(text)
    .filter((word) => !compounds.some((compound) => overlaps(compound, word)))
    .map((word) => topicAt(word.start, word.text, word.text.replace(/['’]s$/, '')))
    .filter(({ word }) => word.length > 1 && !questionWords.has(word) && !/^\d{1,2}$/.test(word));
  return [...compounds, ...words].sort((a, b) => a.start - b.start).slice(0, topicsMax);
}

/** The topics without those that an earlier one already offers as a choice ("loud noise"). */
function distinct(found: readonly FoundTopic[]): FoundTopic[] {
  const repeats = ({ word }: Topic, at: number): boolean =>
    found.slice(0, at).some(({ choices }) => choices.includes(word));
  return found.filter((topic, at) => !repeats(topic, at));
}

function topicAt(start: number, raw: string, word: string): FoundTopic {
  const lower = word.toLowerCase().replace(/\s+/g, ' ');
  const said = raw.toLowerCase().replace(/\s+/g, ' ');
  return { word: lower, said, choices: choicesOf(lower), start, end: start + raw.length };
}

/** The word with those that people use for the same thing, the word first. */
export function choicesOf(word: string): string[] {
  const group = synonymGroups.find((words) => words.includes(word)) ?? [];
  return [word, ...group.filter((other) => other !== word)];
}

function nameOf(text: string, topics: readonly FoundTopic[]): string {
  return topics.reduce((name, topic, at) => {
    const before = topics[at - 1];
    if (before === undefined) return topic.said;
    const gap = text.slice(before.end, topic.start).replace(/\s+/g, ' ').toLowerCase();
    const shown = gap.length <= gapShownMax && /^[ \p{L}]+$/u.test(gap);
    return `${name}${shown ? gap : ' and '}${topic.said}`;
  }, '');
}
