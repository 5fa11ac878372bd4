// What one question says by itself, whatever was asked before: its subject, places, time and conditions, what it leaves out, and in which
// order it wants reports. It reads English by patterns; what it cannot follow is said, not guessed.

import type { Mention } from '../geo/mention.ts';
import type { GeoSources } from '../geo/mention-finder.ts';
import { numberWords, ordinalWords } from '../number-words.ts';
import { isHome, placesIn, type QuestionInput } from '../question.ts';
import type { TimeContext } from '../temporal/time-expression.ts';
import { createZone } from '../temporal/zone-time.ts';
import { type AskedArea, misspelledPlace, nearnessBefore } from './areas-asked.ts';
import {
  asides,
  askingWords,
  courtesies,
  leftOut,
  leftOutBefore,
  nthPattern,
  orders,
  shownCount,
  timeless,
} from './asking-words.ts';
import { type Condition, findConditions, masked } from './conditions.ts';
import { type TimeRange, timeRangeOf, withoutRange } from './time-range.ts';
import { type Subject, subjectOf, type Topic } from './topics.ts';

/** The parts of one question. */
export interface OwnWords {
  readonly subject: Subject;
  readonly areas: readonly AskedArea[];
  readonly range?: TimeRange;
  /** Further times, apart from the first and from each other. */
  readonly moreRanges: readonly TimeRange[];
  readonly conditions: readonly Condition[];
  /** Things that reports must not name. */
  readonly without: readonly Topic[];
  readonly order?: 'newest' | 'oldest';
  /** How many reports are to be shown, where the question says so. */
  readonly shownMost?: number;
  /** Which report of the answer before is meant, from 1; −1 for the last. */
  readonly nth?: number;
  /** What cannot be followed, as a sentence without a full stop. */
  readonly unclear?: string;
  /** What was read otherwise than it stands. */
  readonly notes: readonly string[];
  /** What the index cannot narrow to, as it stands behind "5 reports": "on all days". */
  readonly asides: readonly string[];
}

/** Places of one question; later ones do not narrow. */
const areasMax = 4;
/** Where the nearest report is looked for, in kilometres. */
const nearestKm = 10;
/** A town without a list of its parts reaches so far from its middle, in kilometres. */
const townKm = 5;

/** Reads the words of a question. `text` may be a part of it. */
export function ownWordsOf(text: string, input: QuestionInput, sources: GeoSources): OwnWords {
  const nth = nthOf(text);
  const polite = text.replace(courtesies, blank).replace(timeless, blank).replace(nthPattern, blank);
  const plain = asides.reduce((left, [, pattern]) => left.replace(pattern, blank), polite);
  const conditions = findConditions(plain);
  const unconditional = conditions.reduce(masked, plain);
  const { without, rest } = withoutOf(unconditional);
  const shown = shownCount.exec(rest);
  const shownMost = shown === null ? undefined : numberOf(shown[1] ?? '');
  const uncounted = shown === null ? rest : rest.replace(shown[1] ?? '', blank);
  const order = orders.find(([, pattern]) => pattern.test(uncounted));
  const unordered = order === undefined ? uncounted : uncounted.replace(order[1], blank);
  const context = { referenceMs: input.referenceMs, zone: createZone(input.timeZone) };
  const range = timeRangeOf(unordered, context);
  const more = moreRangesOf(withoutRange(unordered, range), range, context);
  const timed = more.reduce((left, one) => withoutRange(left, one), withoutRange(unordered, range));
  const placeless = areasIn(timed, input, sources);
  const isApart = (word: string): boolean => askingWords.has(word) || isHome(word, input);
  const unclear = placeless.leftOut ?? rangeLeftOut(unordered, range);
  return {
    subject: subjectIn(placeless.rest, isApart),
    areas: /\b(?:nearest|closest)\b/i.test(text) ? placeless.areas.map(reachingFar) : placeless.areas,
    moreRanges: more,
    asides: asides.flatMap(([aside, pattern]) => (pattern.test(text) ? [aside] : [])),
    conditions: conditions.map(({ start: _, end: __, ...condition }) => condition),
    without,
    notes: placeless.notes,
    ...(range !== undefined && { range }),
    ...(order !== undefined && { order: order[0] }),
    ...(shownMost !== undefined && { shownMost }),
    ...(nth !== undefined && { nth }),
    ...(unclear !== undefined && { unclear }),
  };
}

/** Things that reports must name both of are one thing. */
function subjectIn(text: string, isApart: (word: string) => boolean): Subject {
  const subject = subjectOf(text, isApart);
  if (!/\bboth\b/i.test(text) || subject.alternatives.length < 2) return subject;
  const names = subject.alternatives.map((topics) => topics.map(({ said }) => said).join(' '));
  return { text: names.join(' and '), alternatives: [subject.alternatives.flat()] };
}

/** The nearest report may be farther away than what is called near. */
function reachingFar(area: AskedArea): AskedArea {
  return area.point === undefined ? area : { ...area, radiusKm: Math.max(area.radiusKm ?? 0, nearestKm) };
}

function moreRangesOf(text: string, first: TimeRange | undefined, context: TimeContext): TimeRange[] {
  if (first === undefined) return [];
  const second = timeRangeOf(text, context);
  return second !== undefined && isBefore(first, second) !== isBefore(second, first) ? [second] : [];
}

/** Whether all of the first lies before the second. */
function isBefore(first: TimeRange, second: TimeRange): boolean {
  return first.to !== undefined && second.from !== undefined && first.to <= second.from;
}

/** Whether the words narrow to anything. */
export function saysNothing({ subject, areas, range, conditions, without }: OwnWords): boolean {
  const narrowing = subject.alternatives.length + areas.length + conditions.length + without.length;
  return narrowing === 0 && range === undefined;
}

function blank(words: string): string {
  return ' '.repeat(words.length);
}

function nthOf(text: string): number | undefined {
  const [, ordinal, number] = nthPattern.exec(text) ?? [];
  if (number !== undefined) return Number(number);
  if (ordinal === undefined) return undefined;
  const word = ordinal.toLowerCase();
  if (word === 'last') return -1;
  const at = ordinalWords.indexOf(word);
  return at >= 0 ? at + 1 : Number.parseInt(word, 10);
}

function numberOf(word: string): number {
  const at = numberWords.indexOf(word.toLowerCase());
  return at >= 0 ? at + 1 : Number(word);
}

function withoutOf(text: string): { readonly without: readonly Topic[]; readonly rest: string } {
  const match = leftOut.exec(text);
  const things = match?.groups?.things ?? '';
  // A place or a time is left out elsewhere, where it is known to be one.
  if (match === null || /^(?:in|on|at|near|from|last|this)\b/i.test(things))
    return { without: [], rest: text };
  const { alternatives } = subjectOf(things, (word) => askingWords.has(word));
  if (alternatives.length === 0) return { without: [], rest: text };
  const span = { start: match.index, end: match.index + match[0].length };
  return { without: alternatives.flat(), rest: masked(text, span) };
}

function rangeLeftOut(text: string, range: TimeRange | undefined): string | undefined {
  if (range === undefined || !leftOutBefore.test(text.slice(0, range.start))) return undefined;
  return `A time that is left out ("not ${range.text.trim()}") is not understood: name the time that is meant`;
}

interface AreasRead {
  readonly areas: readonly AskedArea[];
  /** The text without them. */
  readonly rest: string;
  readonly notes: readonly string[];
  /** Said of a place that is to be left out. */
  readonly leftOut?: string;
}

function areasIn(text: string, input: QuestionInput, sources: GeoSources): AreasRead {
  const mentions = placesIn(text, input, sources);
  const read = mentions.map((mention) => ({ mention, near: nearnessBefore(text, mention.start) }));
  const asked = read.filter(({ mention, near }) => near !== undefined || !isHome(mention.label, input));
  const spans = asked.map(({ mention, near }) => ({ start: near?.start ?? mention.start, end: mention.end }));
  const rest = spans.reduce(masked, text);
  const outside = asked.find(({ mention, near }) =>
    leftOutBefore.test(text.slice(0, near?.start ?? mention.start)),
  )?.mention;
  const found = {
    areas: asked.slice(0, areasMax).map(({ mention, near }) => areaOf(mention, near?.radiusKm)),
    rest,
    notes: [],
  };
  if (outside !== undefined) {
    const said = `A place that is left out ("not in ${outside.label}") is not understood: name the places that are meant`;
    return { ...found, leftOut: said };
  }
  return found.areas.length > 0 ? found : unlistedIn(text, input);
}

function areaOf({ label, point, kind }: Mention, radiusKm: number | undefined): AskedArea {
  if (point === undefined || kind === 'region' || kind === 'country') return { label };
  if (radiusKm !== undefined) return { label, point, radiusKm };
  return kind === 'town' ? { label, point, radiusKm: townKm } : { label, point };
}

const unlisted =
  /\b(?:near(?:est)?(?:\s+to)?|around|close(?:st)?\s+to|next\s+to|in\s+front\s+of|(?:km|mi|miles?|m|met(?:er|re)s?|blocks?)\s+(?:of|from|around))\s+(?:the\s+)?(?<name>(?:\d+\s+)?\p{Lu}[\p{L}'’.-]*(?:\s+\p{Lu}[\p{L}'’.-]*){0,3})/u;

/** A place with a slip of the pen, or one of which only the name is known. */
function unlistedIn(text: string, input: QuestionInput): AreasRead {
  const slip = misspelledPlace(text, input.places);
  if (slip !== undefined) {
    const { name: label, point } = slip.place;
    const near = nearnessBefore(text, slip.start);
    const radius = near === undefined ? {} : { radiusKm: near.radiusKm };
    const area = point === undefined ? { label } : { label, point, ...radius };
    const written = text.slice(slip.start, slip.end);
    const rest = masked(text, { start: near?.start ?? slip.start, end: slip.end });
    return { areas: [area], rest, notes: [`"${written}" is read as ${label}`] };
  }
  const match = unlisted.exec(text);
  const label = match?.groups?.name;
  if (match === null || label === undefined || isHome(label, input))
    return { areas: [], rest: text, notes: [] };
  const rest = masked(text, { start: match.index, end: match.index + match[0].length });
  const note = `where ${label} is, is not known, so only reports that name it are found: add it to the tenant's places`;
  return { areas: [{ label }], rest, notes: [note] };
}
