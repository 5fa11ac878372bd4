// Understands a question as a whole: its own words, what it takes over from the questions before, and the sides of a comparison. It asks
// nothing of the reports; what cannot be understood is said, so that nobody answers another question instead.

import type { GeoSources } from '../geo/mention-finder.ts';
import { type Question, type QuestionInput, questionLengthMax } from '../question.ts';
import {
  advice,
  amongThem,
  comparisons,
  ellipsisWordsMax,
  goingOn,
  inquiry,
  nthPattern,
  shareWords,
  strongPointers,
  twoQuestions,
  wholeNouns,
} from './asking-words.ts';
import { type OwnWords, ownWordsOf, saysNothing } from './own-words.ts';
import { precedingRange } from './preceding-range.ts';
import { fieldPatterns } from './question-words.ts';
import { type Alternative, choiceOf, type Subject } from './topics.ts';

/** What there is to know for understanding a question. */
export interface UnderstandInput extends QuestionInput {
  /** Reports that the newest answer of the session rests on. */
  readonly shownReports?: readonly string[];
}

/** A question with everything that is meant by it. */
export interface Understanding extends Question, OwnWords {
  readonly notes: readonly string[];
  /** What is compared or told apart, each with the question for it alone; empty where nothing is. At most `rivalsMax`. */
  readonly rivals: readonly Rival[];
  /** Id of the one report of the answer before that is meant. */
  readonly shownReport?: string;
  /** Whether it asks for a part of what was asked before: then no word of it is let go. */
  readonly isPart: boolean;
}

/** One side of a comparison, or the whole of which a share is asked for. */
export interface Rival {
  /** What sets it apart from the others. */
  readonly by: 'time' | 'thing' | 'place' | 'whole';
  readonly question: Understanding;
}

/** The most sides of a comparison. */
export const rivalsMax = 4;
/** Questions of the session that one may lead back to. */
export const earlierMax = 5;

/** Understands the question. The same input always gives the same result. */
export function understand(input: UnderstandInput, sources: GeoSources): Understanding {
  const text = input.question.slice(0, questionLengthMax);
  const sides = sidesOf(text, input, sources);
  const own = sides === undefined ? ownWordsOf(text, input, sources) : sides.whole;
  const pointing = pointingOf(text, own, input);
  const before = pointing === 'none' || pointing === 'nth' ? undefined : newestUnderstood(input, sources);
  const meant = before === undefined ? own : joined(own, before, pointing);
  const base = { ...questionOf(text, input, meant), isPart: pointing === 'among' && before !== undefined };
  if (!/[\p{L}\p{N}]/u.test(text)) return { ...base, unclear: 'There is no question to read' };
  if (advice.test(text))
    return {
      ...base,
      unclear: 'What should be done is nothing that reports say: ask what they say, and decide',
    };
  if (pointing === 'nth') return withShownReport(base, input);
  if (before === undefined && pointing !== 'back' && saysNothing(own) && !inquiry.test(text))
    return { ...base, unclear: 'Nothing says what is asked about the reports' };
  const { shownReports: [shown] = [], earlierQuestions = [] } = input;
  const isOnShown = pointing === 'back' && nthPattern.test(earlierQuestions.at(-1) ?? '');
  if (isOnShown && shown !== undefined) return { ...base, shownReport: shown };
  if (pointing === 'back' && before === undefined) {
    const unclear = 'The question points back, and no earlier question of the session is known';
    return { ...base, unclear };
  }
  return { ...base, rivals: rivalsOf(base, sides, before).slice(0, rivalsMax) };
}

/** The newest question of the session that says something by itself or by those before it. */
function newestUnderstood(input: UnderstandInput, sources: GeoSources): Understanding | undefined {
  const earlier = (input.earlierQuestions ?? []).slice(-earlierMax);
  const { shownReports: _, ...asked } = input;
  for (const [at, question] of [...earlier.entries()].reverse()) {
    const read = understand({ ...asked, question, earlierQuestions: earlier.slice(0, at) }, sources);
    if (read.unclear === undefined) return read;
  }
  return undefined;
}

type Pointing = 'none' | 'on' | 'back' | 'among' | 'nth';

/** How a question leans on the one before: not at all, by going on, by pointing back, by asking for a part of it, or for one report of it. */
function pointingOf(
  text: string,
  own: OwnWords,
  { shownReports = [], earlierQuestions = [] }: UnderstandInput,
): Pointing {
  const isBare = own.subject.alternatives.length === 0;
  if (own.nth !== undefined && (shownReports.length > 0 || isBare)) return 'nth';
  const followed = earlierQuestions.length > 0;
  if (followed && amongThem.test(text)) return 'among';
  if (strongPointers.test(text) && isBare && !wholeNouns.test(text)) return 'back';
  if (!followed) return 'none';
  if (goingOn.test(text)) return 'on';
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  return isBare && words.length <= ellipsisWordsMax && !wholeNouns.test(text) ? 'on' : 'none';
}

/** The own words, with those of the question before where this one says nothing of the kind. */
function joined(own: OwnWords, before: OwnWords, pointing: Pointing): OwnWords {
  const asked = new Set(own.conditions.map(({ field }) => field));
  const kept = before.conditions.filter(({ field }) => !asked.has(field));
  const range = own.range ?? before.range;
  const unclear = own.unclear;
  return {
    subject: joinedSubject(own.subject, before.subject, pointing),
    areas: own.areas.length > 0 ? own.areas : before.areas,
    conditions: [...kept, ...own.conditions],
    without: [...before.without, ...own.without],
    notes: [...before.notes, ...own.notes],
    asides: [...new Set([...before.asides, ...own.asides])],
    moreRanges: own.range !== undefined ? own.moreRanges : before.moreRanges,
    ...(range !== undefined && { range }),
    ...(own.order !== undefined && { order: own.order }),
    ...(own.shownMost !== undefined && { shownMost: own.shownMost }),
    ...(unclear !== undefined && { unclear }),
  };
}

function joinedSubject(own: Subject, before: Subject, pointing: Pointing): Subject {
  if (own.alternatives.length === 0) return before;
  if (before.alternatives.length === 0 || pointing !== 'among') return own;
  const alternatives = before.alternatives.flatMap((one) =>
    own.alternatives.map((other): Alternative => [...one, ...other]),
  );
  return { text: `${before.text} and ${own.text}`, alternatives };
}

function questionOf(text: string, input: QuestionInput, own: OwnWords): Understanding {
  const { referenceMs, timeZone, places } = input;
  const [area] = own.areas;
  const { nth: _, ...meant } = own;
  return {
    ...{ text, referenceMs, timeZone, places, rivals: [], isPart: false },
    ...meant,
    fields: new Set(fieldPatterns.filter(([, pattern]) => pattern.test(text)).map(([field]) => field)),
    ...(area !== undefined && {
      place: area.point === undefined ? { label: area.label } : { label: area.label, point: area.point },
    }),
    ...(own.nth !== undefined && { nth: own.nth }),
  };
}

function withShownReport(base: Understanding, { shownReports = [] }: UnderstandInput): Understanding {
  const nth = base.nth ?? 0;
  const shownReport = nth < 0 ? shownReports.at(-1) : shownReports[nth - 1];
  if (shownReport !== undefined) return { ...base, shownReport };
  const many = `rests on ${shownReports.length} ${shownReports.length === 1 ? 'report' : 'reports'}`;
  const unclear =
    shownReports.length === 0
      ? 'The question means a report of the answer before, and no answer of the session rests on one'
      : `The question means report ${nth} of the answer before, which ${many}`;
  return { ...base, unclear };
}

interface Sides {
  readonly left: OwnWords;
  readonly right: OwnWords;
  /** What both are about. */
  readonly whole: OwnWords;
}

/** The two sides that the question compares; undefined when it compares nothing that can be told apart. */
function sidesOf(text: string, input: QuestionInput, sources: GeoSources): Sides | undefined {
  for (const pattern of comparisons) {
    const { left: said, right: other } = pattern.exec(text)?.groups ?? {};
    if (said === undefined || other === undefined) continue;
    const left = ownWordsOf(said, input, sources);
    const right = ownWordsOf(other, input, sources);
    const preceding = precedingRange(other, left.range, input);
    if (preceding !== undefined) {
      const whole = { ...left, range: preceding.range };
      return { left: whole, right: { ...whole, range: preceding.before }, whole };
    }
    if (saysNothing(right)) continue;
    return even(left, right);
  }
  return questionsOf(text, input, sources);
}

/** The two questions that are asked at once; undefined where the second only asks more about the subject of the first. */
function questionsOf(text: string, input: QuestionInput, sources: GeoSources): Sides | undefined {
  const { left: said, right: other } = twoQuestions.exec(text)?.groups ?? {};
  if (said === undefined || other === undefined || strongPointers.test(other)) return undefined;
  const left = ownWordsOf(said, input, sources);
  const right = ownWordsOf(other, input, sources);
  const things = [left, right].every(({ subject }) => subject.alternatives.length > 0);
  return things ? even(left, right) : undefined;
}

/** Both sides with what only the other one says. */
function even(left: OwnWords, right: OwnWords): Sides {
  const leftFull = filled(left, right);
  const rightFull = filled(right, left);
  const things = [left, right].every(({ subject }) => subject.alternatives.length > 0);
  const placed = left.areas.length > 0 && right.areas.length > 0;
  const whole = {
    ...leftFull,
    ...(things && { subject: eitherOf(left.subject, right.subject) }),
    ...(placed && { areas: [...left.areas, ...right.areas] }),
  };
  return { left: leftFull, right: rightFull, whole };
}

function filled(own: OwnWords, other: OwnWords): OwnWords {
  const range = own.range ?? other.range;
  const asked = new Set(own.conditions.map(({ field }) => field));
  return {
    ...own,
    subject: own.subject.alternatives.length > 0 ? own.subject : other.subject,
    areas: own.areas.length > 0 ? own.areas : other.areas,
    conditions: [...own.conditions, ...other.conditions.filter(({ field }) => !asked.has(field))],
    without: [...own.without, ...other.without],
    moreRanges: own.range !== undefined ? own.moreRanges : other.moreRanges,
    ...(range !== undefined && { range }),
  };
}

function eitherOf(a: Subject, b: Subject): Subject {
  return { text: choiceOf([a.text, b.text]), alternatives: [...a.alternatives, ...b.alternatives] };
}

/** The sides of a comparison, or else the things or places that the question lists. */
function rivalsOf(base: Understanding, sides: Sides | undefined, before: Understanding | undefined): Rival[] {
  const { text, referenceMs, timeZone, places } = base;
  const input = { question: text, referenceMs, timeZone, places };
  const rival = (by: Rival['by'], own: OwnWords): Rival => {
    const meant = before === undefined ? own : joined(own, before, 'on');
    return { by, question: questionOf(text, input, meant) };
  };
  if (sides !== undefined) {
    const by = setApartBy(sides);
    return [rival(by, sides.left), rival(by, sides.right)];
  }
  const { alternatives } = base.subject;
  const named = alternatives.map((one) => ({
    text: one.map(({ said }) => said).join(' '),
    alternatives: [one],
  }));
  if (alternatives.length > 1 && alternatives.length <= rivalsMax)
    return named.map((subject) => rival('thing', { ...base, subject }));
  if (base.range !== undefined && base.moreRanges.length > 0)
    return [base.range, ...base.moreRanges].map((range) => rival('time', { ...base, range, moreRanges: [] }));
  if (base.areas.length > 1) return base.areas.map((area) => rival('place', { ...base, areas: [area] }));
  return shareWords.test(text) ? wholeOf(base, rival) : [];
}

/** What the question wants a share of: all that its conditions narrow, or else its words. */
function wholeOf(base: Understanding, rival: (by: Rival['by'], own: OwnWords) => Rival): Rival[] {
  const nothing = { text: '', alternatives: [] };
  if (base.conditions.length > 0) return [rival('whole', { ...base, conditions: [] })];
  if (base.subject.alternatives.length > 0) return [rival('whole', { ...base, subject: nothing })];
  return base.areas.length > 0 ? [rival('whole', { ...base, areas: [] })] : [];
}

function setApartBy({ left, right }: Sides): Rival['by'] {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  if (!same(left.subject.alternatives, right.subject.alternatives)) return 'thing';
  return same(left.areas, right.areas) ? 'time' : 'place';
}
