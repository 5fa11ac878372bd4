// Takes a question apart: the time and place it is about, what to search for, and which field it asks for. It decides by words alone
// and never asks anything itself.

import type { Position } from './gazetteer.ts';
import type { HomeArea, Mention, TenantPlace } from './geo/mention.ts';
import { findMentions, type GeoSources } from './geo/mention-finder.ts';
import { type AskedField, fieldPatterns } from './question/question-words.ts';
import { type TimeRange, timeRangeOf, withoutRange } from './question/time-range.ts';
import { type Subject, subjectOf } from './question/topics.ts';
import { createZone } from './temporal/zone-time.ts';
import { isCapitalised, squashName } from './text/words.ts';

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
  /** What is searched for. */
  readonly subject: Subject;
  /** The tenant's places, for naming areas. */
  readonly places: readonly TenantPlace[];
  readonly fields: ReadonlySet<AskedField>;
  /** A status that the question narrows to; absent when it does not. */
  readonly status?: string;
}

/** The most characters of a question that are read. */
export const questionLengthMax = 2000;

const statusWords: readonly (readonly [string, RegExp])[] = [
  ['in_progress', /\bin[- ]progress\b/i],
  ['pending', /\bpending\b/i],
  ['resolved', /\b(?:resolved|solved|fixed)\b/i],
  ['closed', /\bclosed\b/i],
];
const pointsBack =
  /\b(?:them|those|these|they|that|it|its|their|there|same)\b|^\s*(?:and|what about|how about)\b/i;

/** Takes the question apart. The same input always gives the same result. */
export function readQuestion(input: QuestionInput, sources: GeoSources): Question {
  const text = input.question.slice(0, questionLengthMax);
  const own = readOwnWords(text, input, sources);
  const isBare = own.subject.alternatives.length === 0;
  const earlier = isBare && pointsBack.test(text) ? input.earlierQuestions?.at(-1) : undefined;
  const before =
    earlier === undefined
      ? undefined
      : readQuestion({ ...input, question: earlier, earlierQuestions: [] }, sources);
  const place = own.place ?? before?.place;
  const range = own.range ?? before?.range;
  const status = statusWords.find(([, pattern]) => pattern.test(text))?.[0];
  return {
    text,
    referenceMs: input.referenceMs,
    timeZone: input.timeZone,
    subject: isBare && before !== undefined ? before.subject : own.subject,
    places: input.places,
    fields: new Set(fieldPatterns.filter(([, pattern]) => pattern.test(text)).map(([field]) => field)),
    ...(range !== undefined && { range }),
    ...(place !== undefined && { place }),
    ...(status !== undefined && { status }),
  };
}

interface OwnWords {
  readonly range: TimeRange | undefined;
  readonly place: AskedPlace | undefined;
  readonly subject: Subject;
}

/** What the question itself says, whatever was asked before. */
function readOwnWords(text: string, input: QuestionInput, sources: GeoSources): OwnWords {
  const { referenceMs, timeZone } = input;
  const range = timeRangeOf(text, { referenceMs, zone: createZone(timeZone) });
  const timeless = withoutRange(text, range);
  const mention = placeOf(timeless, input, sources);
  const subject = subjectOf(withoutMention(timeless, mention), (word) => isHome(word, input));
  return { range, place: mention === undefined ? undefined : askedPlace(mention), subject };
}

/** The first place that is more than the tenant's whole area. */
function placeOf(text: string, input: QuestionInput, sources: GeoSources): Mention | undefined {
  return placesIn(text, input, sources).find((mention) => !isHome(mention.label, input));
}

/** The places that the text surely names, in text order. */
export function placesIn(text: string, input: QuestionInput, sources: GeoSources): Mention[] {
  return findMentions({ ...input, text }, sources).filter(isNamed);
}

/** Whether it names the tenant's whole area, which narrows nothing. */
export function isHome(name: string, { homeArea }: Pick<QuestionInput, 'homeArea'>): boolean {
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
