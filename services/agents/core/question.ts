// Takes a question apart: the time and place it is about, what to search for, and which field it asks for. It decides by words alone
// and never asks anything itself.

import { assetNames } from './entity/asset-words.ts';
import type { Position } from './gazetteer.ts';
import type { HomeArea, Mention, TenantPlace } from './geo/mention.ts';
import { findMentions, type GeoSources } from './geo/mention-finder.ts';
import { type AskedField, fieldPatterns, questionWords, synonymGroups } from './question/question-words.ts';
import { type TimeRange, timeRangeOf, withoutRange } from './question/time-range.ts';
import type { Span } from './skill.ts';
import { createZone } from './temporal/zone-time.ts';
import { overlaps } from './text/span.ts';
import { isCapitalised, squashName, wordsOf } from './text/words.ts';

/** What there is to know for reading a question. */
export interface QuestionInput {
  readonly question: string;
  /** Milliseconds since the epoch; relative times refer to it. */
  readonly referenceMs: number;
  /** IANA name of the tenant's zone. */
  readonly timeZone: string;
  readonly places: readonly TenantPlace[];
  /** Absent when the tenant has set none. */
  readonly homeArea?: HomeArea;
  /** Earlier questions of the session, the newest last; a question that only points back takes their subject. */
  readonly earlierQuestions?: readonly string[];
}

/** One thing searched for: any of its words will do. */
export interface Topic {
  /** The word of the question. */
  readonly word: string;
  /** The word and its synonyms, lower case, the word first. */
  readonly choices: readonly string[];
}

/** A place that narrows the question. */
export interface AskedPlace {
  readonly label: string;
  /** Absent where the place is only a name. */
  readonly point?: Position;
}

/** A question taken apart. */
export interface Question {
  readonly text: string;
  readonly referenceMs: number;
  readonly timeZone: string;
  /** Absent when the question names no time: then all times count. */
  readonly range?: TimeRange;
  /** Absent when the question names no place, or only the tenant's whole area. */
  readonly place?: AskedPlace;
  /** What is searched for in the question's own words; empty without topics. */
  readonly subject: string;
  /** The tenant's places, for naming areas. */
  readonly places: readonly TenantPlace[];
  /** In the order of the question, at most `topicsMax`. */
  readonly topics: readonly Topic[];
  readonly fields: ReadonlySet<AskedField>;
  /** A status that the question narrows to; absent when it does not. */
  readonly status?: string;
}

/** The most things that one question searches for; further words do not narrow. */
export const topicsMax = 4;

/** The most characters of a question that are read. */
export const questionLengthMax = 2000;

const statusWords: readonly (readonly [string, RegExp])[] = [
  ['in_progress', /\bin[- ]progress\b/i],
  ['pending', /\bpending\b/i],
  ['resolved', /\b(?:resolved|solved|fixed)\b/i],
  ['closed', /\bclosed\b/i],
];
const compoundPattern = new RegExp(
  `\\b(${assetNames
    .filter((name) => name.includes(' '))
    .join('|')
    .replaceAll(' ', '\\s+')})(?:e?s)?\\b`,
  'gi',
);
const pointsBack =
  /\b(?:them|those|these|they|that|it|its|their|there|same)\b|^\s*(?:and|what about|how about)\b/i;

/** Takes the question apart. The same input always gives the same result. */
export function readQuestion(input: QuestionInput, sources: GeoSources): Question {
  const text = input.question.slice(0, questionLengthMax);
  const zone = createZone(input.timeZone);
  const range = timeRangeOf(text, { referenceMs: input.referenceMs, zone });
  const mention = placeOf(withoutRange(text, range), input, sources);
  const bare = withoutMention(withoutRange(text, range), mention);
  const own = topicsIn(bare).filter(({ word }) => !isHome(word, input));
  const earlier = own.length === 0 && pointsBack.test(text) ? input.earlierQuestions?.at(-1) : undefined;
  const before =
    earlier === undefined
      ? undefined
      : readQuestion({ ...input, question: earlier, earlierQuestions: [] }, sources);
  const place = mention === undefined ? before?.place : askedPlace(mention);
  const status = statusWords.find(([, pattern]) => pattern.test(text))?.[0];
  const fields = new Set(fieldPatterns.filter(([, pattern]) => pattern.test(text)).map(([field]) => field));
  const inherited = range ?? before?.range;
  return {
    text,
    referenceMs: input.referenceMs,
    timeZone: input.timeZone,
    subject: own.length > 0 ? subjectOf(bare, own) : (before?.subject ?? ''),
    places: input.places,
    topics: own.length > 0 ? distinct(own) : (before?.topics ?? []),
    fields,
    ...(inherited !== undefined && { range: inherited }),
    ...(place !== undefined && { place }),
    ...(status !== undefined && { status }),
  };
}

/** The first place that is more than the tenant's whole area. */
function placeOf(text: string, input: QuestionInput, sources: GeoSources): Mention | undefined {
  return findMentions({ ...input, text }, sources).find(
    (mention) => !isHome(mention.label, input) && isNamed(mention),
  );
}

/** Whether it names the tenant's whole area, which narrows nothing. */
function isHome(name: string, { homeArea }: QuestionInput): boolean {
  return homeArea !== undefined && squashName(name) === squashName(homeArea.name);
}

/** A question begins with a capital that proves nothing; a listed place counts however it is written. */
function isNamed(mention: Mention): boolean {
  if (mention.kind === 'tenant_place') return true;
  return mention.sure && isCapitalised(mention.text) && mention.start > 0;
}

function askedPlace(mention: Mention): AskedPlace {
  return mention.point === undefined
    ? { label: mention.label }
    : { label: mention.label, point: mention.point };
}

function withoutMention(text: string, mention: Mention | undefined): string {
  if (mention === undefined) return text;
  return `${text.slice(0, mention.start)} ${text.slice(mention.end)}`;
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
function distinct(found: readonly FoundTopic[]): Topic[] {
  const repeats = ({ word }: Topic, at: number): boolean =>
    found.slice(0, at).some(({ choices }) => choices.includes(word));
  return found.filter((topic, at) => !repeats(topic, at)).map(({ word, choices }) => ({ word, choices }));
}

interface FoundTopic extends Topic, Span {}

function topicAt(start: number, raw: string, word: string): FoundTopic {
  const lower = word.toLowerCase().replace(/\s+/g, ' ');
  return { word: lower, choices: choicesOf(lower), start, end: start + raw.length };
}

function choicesOf(word: string): string[] {
  const group = synonymGroups.find((words) => words.includes(word)) ?? [];
  return [word, ...group.filter((other) => other !== word)];
}

/** The topics as the question words them: neighbours as they stand ("water leaks"), others joined by "and". */
function subjectOf(text: string, topics: readonly FoundTopic[]): string {
  return topics.reduce((subject, topic, at) => {
    const before = topics[at - 1];
    const own = text.slice(topic.start, topic.end).toLowerCase();
    if (before === undefined) return own;
    return `${subject}${text.slice(before.end, topic.start).trim() === '' ? ' ' : ' and '}${own}`;
  }, '');
}
