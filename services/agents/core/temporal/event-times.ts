// The times of a report that say when something happened, with the instant that each stands for. Habits, opening hours, lengths of other
// things, plans counted from now and "now" itself are left out. Events lie in the past unless the words say otherwise.

import type { Span } from '../skill.ts';
import { findTimeExpressions } from './find-times.ts';
import { dayMs, type Grain, hourMs, isFiner, minuteMs } from './grain.ts';
import type { TimeContext, TimeExpression, TimeSetting } from './time-expression.ts';
import { fromUtc, startOfDay } from './zone-time.ts';

/** When something happened, as far as the text tells. */
export interface EventTime extends Span {
  readonly text: string;
  readonly instantMs: number;
  /** 0..1. */
  readonly confidence: number;
  /** How the instant follows from the words, to stand after "is". */
  readonly how: string;
}

const confidenceLasting = 0.6;
const confidenceMoment = 0.8;
const confidenceVague = 0.15;
const confidenceFuture = 0.2;
/** "Last week", "last month" and "last year" are so many days before the reference. */
const conventionDays: Readonly<Partial<Record<Grain, number>>> = { week: 7, month: 30, year: 365 };

/** The times in text order. */
export function eventTimes(text: string, context: TimeContext & Pick<TimeSetting, 'dateOrder'>): EventTime[] {
  return findTimeExpressions(text, context).flatMap((found) => eventOf(text, found, context));
}

function eventOf(text: string, found: TimeExpression, context: TimeContext): EventTime[] {
  const before = text.slice(Math.max(0, found.start - 60), found.start);
  if (found.type === 'set') return [];
  const after = text.slice(found.end, found.end + 20);
  if (found.type === 'duration') return lastingEvent(found, { before, after }, context);
  const lookBack = lookBackEvent(found, before, context);
  if (lookBack !== undefined) return [lookBack];
  if (!saysWhen(found, before, after)) return [];
  return [
    runningEvent(found, context) ??
      countedEvent(found, context) ??
      conventionalEvent(found, context) ??
      trailingEvent(found, context) ??
      calendarEvent(found, context),
  ];
}

const goingOn =
  /\b(?:been|it's|its|is|for|already|now|lasted|lasting|down|out|broken|closed|blocked|waiting|waited|missing)\s+(?:(?:like this|this way|here|there|out|down|broken|going on|now|already|like|about|over|for)\s+)*$/i;
const ownHistory =
  /\b(?:live[ds]?|living|resident|owned|worked|own(?:er)?|neighbor|neighbour|tenants?|members?)\b[^.!?]{0,40}$/i;

/** The words before and after a time. */
interface Around {
  readonly before: string;
  readonly after: string;
}

const notYet =
  /^\s*(?:to come|early|late|limit|in advance|ahead|notice|before|at a time|a (?:day|week|month|year)|each|every|per|period|walk|drive|trip|meeting)\b/i;

/** Something that has gone on for so long: it began so long before the report. */
function lastingEvent(
  found: TimeExpression,
  { before, after }: Around,
  { referenceMs }: TimeContext,
): EventTime[] {
  const lasting =
    found.lasting ||
    /^for\b/i.test(found.text) ||
    (goingOn.test(before) && !/^(?:an? \d|all\b)/i.test(found.text));
  if (!lasting || ownHistory.test(before) || notYet.test(after)) return [];
  const ms = lengthMs(found.guess ?? found.value);
  if (ms === undefined || ms < minuteMs) return [];
  return [
    {
      ...wordsOf(found),
      instantMs: referenceMs - ms,
      ...surety(found, confidenceLasting, 'taken as lasting since then'),
    },
  ];
}

function surety(found: TimeExpression, base: number, counted: string): Pick<EventTime, 'confidence' | 'how'> {
  if (!found.vague) return { confidence: base, how: counted };
  return { confidence: base - confidenceVague, how: `${counted}, its count being a guess` };
}

/** "Not cleaned in three weeks": it has gone on since then. */
function lookBackEvent(
  found: TimeExpression,
  before: string,
  { referenceMs }: TimeContext,
): EventTime | undefined {
  const ms = found.distance === undefined ? undefined : lengthMs(found.distance.replace('X', '3'));
  const denied = /(?:\b(?:not|never|no|nothing|nobody)\b|n't\b|n’t\b)[^.!?]{0,50}(?:\bin\s+)?$/i.test(before);
  if (ms === undefined || !denied || !/\bin\s+$/i.test(`${before}${/^in\s/i.exec(found.text)?.[0] ?? ''}`))
    return undefined;
  const guessed = { ...found, vague: vagueCount.test(found.text) };
  return {
    ...wordsOf(found),
    instantMs: referenceMs - ms,
    ...surety(guessed, confidenceLasting, 'taken as lasting since then'),
  };
}

const vagueCount = /\b(?:few|several|couple|some|many)\b/i;
const every = /\b(?:every|each|per|most|any)\s+(?:(?:single|other|week|day|night|weekday)\s+)*(?:on\s+)?$/i;
const weekdayName = /\b(?:mon|tue|wed|thu|fri|sat|sun)(?:s|sday|nesday|r|rs|rsday|day|urday)?\b/i;
const pointsBack =
  /^(?:(?:later|earlier|late|early|end|beginning|start|middle)\s+(?:in |of )?)?(?:the (?:same )?|that |this |same )?(?:day|date|week|month|year|time|quarter|decade)$/i;
const yearBefore =
  /\b(?:in|since|of|early|late|back in|year|during|until|before|after|summer|winter|spring|fall)\s+(?:of\s+)?$/i;

/** A time with the words around it. */
interface Placed extends Around {
  readonly found: TimeExpression;
}

/** What is no time of an event, by the reason. */
const refusals: readonly ((placed: Placed) => boolean)[] = [
  ({ found }) => found.named === undefined || found.vague || found.value === 'PRESENT_REF',
  ({ found: { text } }) => pointsBack.test(text) && !/^this (?:week|month|year)$/i.test(text),
  ({ found: { grain, relative, text } }) => grain === 'season' && !relative && !/\d/.test(text),
  ({ found: { text }, before }) => /^\d{4}$/.test(text) && !yearBefore.test(before),
  ({ found: { relative }, before }) => !relative && (every.test(before) || /\ban?\s+$/i.test(before)),
  ({ found: { relative }, after }) => !relative && /^'s\s/.test(after),
  ({ found: { distance, text } }) =>
    distance !== undefined && /^(?:in|within)\b|\b(?:from now|later|hence)$/i.test(text),
  ({ found: { text } }) => /^within\b|\b(?:after|later|before)$/i.test(text),
  ({ found: { named, relative, text } }) =>
    named?.last !== undefined && !relative && weekdayName.test(text) && !/\d/.test(text),
  ({ found: { dated, part, relative, text } }) => dated && part !== undefined && !relative && isHabit(text),
  ({ found }) => !found.dated && !isMoment(found),
];

function saysWhen(found: TimeExpression, before: string, after: string): boolean {
  return !refusals.some((refuses) => refuses({ found, before, after }));
}

/** An hour without a day is a moment when it is told to the minute or something goes on since then; else it is a habit. */
function isMoment({ text, grain, part, named, bound }: TimeExpression): boolean {
  const exact = /\d:\d\d/.test(text) || (/^since\b/i.test(text) && grain !== 'part');
  return (
    exact && part === undefined && named?.last === undefined && (bound === undefined || bound === 'since')
  );
}

/** "Fridays at night" without a date. */
function isHabit(text: string): boolean {
  return /s\s+(?:morning|afternoon|evening|night)/i.test(text);
}

/** "Third night in a row": so many units before the report. */
function runningEvent(found: TimeExpression, { referenceMs }: TimeContext): EventTime | undefined {
  const days = conventionDays[found.grain] ?? 1;
  if (found.running === undefined) return undefined;
  const instantMs = referenceMs - found.running * days * dayMs;
  return { ...wordsOf(found), instantMs, ...surety(found, confidenceLasting, 'taken as lasting since then') };
}

/** "Three weeks ago": that distance exactly. */
function countedEvent(found: TimeExpression, { referenceMs }: TimeContext): EventTime | undefined {
  const ms = found.distance === undefined ? undefined : lengthMs(found.distance.replace('X', '3'));
  if (ms === undefined || !/\b(?:ago|back|earlier)$/i.test(found.text)) return undefined;
  const guessed = { ...found, vague: vagueCount.test(found.text) };
  return {
    ...wordsOf(found),
    instantMs: referenceMs - ms,
    ...surety(guessed, confidenceMoment, 'counted from the reported time'),
  };
}

const conventional = /\b(?<which>last|past|previous|next|coming)\s+(?<unit>week|month|year)$/i;

function conventionalEvent(found: TimeExpression, { referenceMs }: TimeContext): EventTime | undefined {
  const groups = conventional.exec(found.text)?.groups;
  const days = conventionDays[(groups?.unit?.toLowerCase() ?? '') as Grain];
  if (days === undefined || found.edge !== undefined || found.named?.last !== undefined) return undefined;
  const ahead = /next|coming/i.test(groups?.which ?? '');
  const confidence = confidenceMoment - (ahead ? confidenceFuture : 0);
  const instantMs = referenceMs + (ahead ? days : -days) * dayMs;
  return { ...wordsOf(found), instantMs, confidence, how: 'counted from the reported time' };
}

/** "The last five days": it has gone on since then. */
function trailingEvent(found: TimeExpression, { referenceMs, zone }: TimeContext): EventTime | undefined {
  if (
    !found.relative ||
    !/\b(?:last|past|previous)\b/i.test(found.text) ||
    !/^P\w*\d|^PT?X/.test(found.value)
  )
    return undefined;
  const from = zone.instantOf(fromUtc(Date.parse(`${found.named?.from ?? ''}Z`)));
  const sinceMidnight = referenceMs - zone.instantOf(startOfDay(zone.wallOf(referenceMs)));
  const instantMs = from + (isFiner(found.grain, 'day') ? 0 : sinceMidnight);
  const guessed = { ...found, vague: vagueCount.test(found.text) };
  return {
    ...wordsOf(found),
    instantMs,
    ...surety(guessed, confidenceLasting, 'taken as lasting since then'),
  };
}

/** A time of the calendar or the clock. */
function calendarEvent(found: TimeExpression, context: TimeContext): EventTime {
  const instantMs = instantOf(found, context);
  const ahead = instantMs - context.referenceMs > dayMs ? confidenceFuture : 0;
  const how = found.begins ? 'taken as the beginning' : 'resolved against the reported time';
  const onlyBefore =
    found.bound === 'before' || found.bound === 'until' || found.bound === 'by' ? confidenceFuture : 0;
  return { ...wordsOf(found), instantMs, confidence: found.confidence - ahead - onlyBefore, how };
}

/** The beginning of a clock time, month or year, noon of a day, the middle of a part of it; none after the report on its own day. */
function instantOf({ named, grain }: TimeExpression, { referenceMs, zone }: TimeContext): number {
  const from = Date.parse(`${named?.from ?? ''}Z`);
  const to = Date.parse(`${named?.to ?? ''}Z`);
  const middle = grain === 'part' ? (to - from) / 2 : grain === 'day' ? dayMs / 2 : 0;
  const instant = zone.instantOf(fromUtc(from + (named?.last === undefined ? middle : 0)));
  const begun = zone.instantOf(fromUtc(from)) <= referenceMs;
  if (grain === 'day' && named?.last === undefined && begun && zone.instantOf(fromUtc(to)) > referenceMs)
    return referenceMs;
  return begun && instant > referenceMs && !isFiner(grain, 'part') ? referenceMs : instant;
}

const leading =
  /^(?:since|starting|beginning|from|by|until|till)\s+(?:(?:around|about|at least|on|at|the)\s+)*/i;

/** The words without "since": "since Monday" points at Monday. */
function wordsOf({ start, end, text }: TimeExpression): Span & { readonly text: string } {
  const cut = leading.exec(text)?.[0].length ?? 0;
  return { start: start + cut, end, text: text.slice(cut) };
}

const unitMs: Readonly<Record<string, number>> = {
  Y: 365 * dayMs,
  M: 30 * dayMs,
  W: 7 * dayMs,
  D: dayMs,
  TH: hourMs,
  TM: minuteMs,
  TS: 1000,
};

/** The length of a TIMEX duration, months counting 30 and years 365 days; undefined for other values. */
function lengthMs(timex: string): number | undefined {
  const [, dates = '', clocks = ''] = /^P(?<dates>[^T]*)(?:T(?<clocks>.*))?$/.exec(timex) ?? [];
  const parts = [...partsOf(dates, ''), ...partsOf(clocks, 'T')];
  return parts.length === 0 ? undefined : parts.reduce((sum, ms) => sum + ms, 0);
}

function partsOf(text: string, prefix: string): number[] {
  return [...text.matchAll(/(?<count>[\d.]+)(?<unit>[A-Z])/g)].map(
    ({ groups }) => Number(groups?.count) * (unitMs[`${prefix}${groups?.unit}`] ?? 0),
  );
}
