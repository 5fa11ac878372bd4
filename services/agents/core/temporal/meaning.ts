// What words about time can mean, by kind: the values that the rules combine. Types and small makers only.

import { type Grain, hourMs, minuteMs, type Stretch } from './grain.ts';
import { dailySeries, either, once, type Series } from './series.ts';

/** Names of the parts of a day. */
export type PartName = 'morning' | 'forenoon' | 'noon' | 'lunch' | 'afternoon' | 'evening' | 'night' | 'day';

/** First and last hour of each part of a day; an end over 24 lies on the next day. */
export type PartHours = Readonly<Record<PartName, readonly [number, number]>>;

/** How a text writes times, and the moment that it speaks from. */
export interface Setting {
  /** The wall time of the reference. */
  readonly now: number;
  /** How far the reference's zone is ahead of UTC, in minutes. */
  readonly offsetMinutes: number;
  readonly dayFirst: boolean;
  /** Whether the text is nothing but a time, so that bare numbers may be read as times. */
  readonly lone: boolean;
  readonly partHours: PartHours;
  /** Whether "the last two weeks" end now (rolling) or with the last whole week. */
  readonly rolling: boolean;
  /** Whether "early" and "late" mean a half of a month or year, and not a third. */
  readonly halves: boolean;
}

/** Which side of the named time is meant. */
export type Bound = 'since' | 'after' | 'before' | 'until' | 'by';

/** What is told of a part of a unit. */
export type Edge = 'start' | 'middle' | 'end';

/** A time of the calendar or the clock. */
export interface Time {
  readonly series: Series;
  readonly grain: Grain;
  /** The unit in which it comes once: a Monday in a week, a March in a year; `always` when it is one moment of history. */
  readonly period: Grain | 'always';
  /** Whether it is said by a weekday alone. */
  readonly weekday?: number;
  /** Whether words that it stands with must make it a time: "25" alone is none. */
  readonly latent?: boolean;
  readonly part?: PartName;
  readonly edge?: Edge;
  readonly bound?: Bound;
  /** A TIMEX value of its own, where the calendar gives none: PAST_REF. */
  readonly timex?: string;
  /** Whether both ends are named. */
  readonly ends?: boolean;
  /** The day that a mismatching weekday was said of, to fall back to. */
  readonly fallback?: Series;
  /** Where a zone is told: "Z" for UTC, empty for others. */
  readonly zoneMark?: string;
  /** A length counted from now ("the next six months"), as a TIMEX value. */
  readonly length?: string;
  readonly holiday?: boolean;
  /** Whether it is reckoned from now (today, last week, in two hours). */
  readonly deictic?: boolean;
  /** A bare number: a time only beside a word that asks for it. */
  readonly bare?: boolean;
  /** A day that no calendar has, as it is said: XXXX-02-30. */
  readonly impossible?: string;
  /** Whether "from" stands before it. */
  readonly begins?: boolean;
  /** Whether it points back to a day that was named before: "the same day". */
  readonly anaphor?: boolean;
  /** How many such units it has gone on before the present one: "third night in a row" has two. */
  readonly running?: number;
  /** How far from now it lies, as a TIMEX value: "in six years". */
  readonly distance?: string;
}

/** A reading of a clock. */
export interface Clock {
  readonly hour: number;
  readonly minute?: number;
  readonly second?: number;
  /** Whether the half of the day is settled. */
  readonly fixed: boolean;
  readonly latent?: boolean;
  /** A bare number: "7". */
  readonly bare?: boolean;
}

/** Lengths by unit, as said: "1 hour and 30 minutes". */
export interface Length {
  readonly amounts: readonly { readonly unit: Grain; readonly count: number }[];
  /** Whether nobody says how many: "for weeks". */
  readonly vague?: boolean;
  /** Nights are written as days and still are nights. */
  readonly nights?: boolean;
  readonly latent?: boolean;
  /** Whether something goes on so long: "for three weeks". */
  readonly lasting?: boolean;
}

/** A time that comes regularly. */
export interface Recurrence {
  /** TIMEX value: P1W, XXXX-WXX-2T09. */
  readonly timex: string;
  readonly weekdays: readonly number[];
}

/** A number as written. */
export interface NumberWord {
  readonly value: number;
  /** How many digits it has; 0 when spelled. */
  readonly digits: number;
  /** "a few", "several". */
  readonly vague?: boolean;
}

/** A unit with how it was said. */
export interface UnitWord {
  readonly unit: Grain;
  readonly plural: boolean;
  readonly nights: boolean;
  readonly count: number;
}

/** What each category of the rules holds. */
export interface Meanings {
  readonly number: NumberWord;
  readonly tens: number;
  readonly ones: number;
  readonly fraction: number;
  readonly ordinal: number;
  readonly unit: UnitWord;
  readonly weekday: { readonly day: number; readonly plural: boolean };
  readonly month: number;
  readonly part: { readonly name: PartName; readonly plural: boolean };
  readonly meridiem: 'am' | 'pm';
  readonly zone: number;
  readonly clock: Clock;
  readonly time: Time;
  readonly length: Length;
  readonly set: Recurrence;
}

/** A category of the rules. */
export type Category = keyof Meanings;

/** The time of one stretch. */
export function onceTime(stretch: Stretch, grain: Grain): Time {
  return { series: once(stretch), grain, period: 'always' };
}

/** The clock's time of each day; both halves of the day where that is open. */
export function clockTime(clock: Clock): Time {
  const grain = clock.second !== undefined ? 'second' : clock.minute !== undefined ? 'minute' : 'hour';
  const length = grain === 'hour' ? hourMs : grain === 'minute' ? minuteMs : 1000;
  const at = (hour: number): Series => {
    const from = hour * hourMs + (clock.minute ?? 0) * minuteMs + (clock.second ?? 0) * 1000;
    return dailySeries(from, from + length);
  };
  const { hour, fixed } = clock;
  const series = fixed || hour > 12 ? at(hour % 24) : either(at(hour % 12), at((hour % 12) + 12));
  const latent = { ...(clock.latent && { latent: true }), ...(clock.bare && { bare: true }) };
  return { series, grain, period: 'day', ...latent };
}

/** The clock in the half of the day that the part of the day says. */
export function clockIn(clock: Clock, part: PartName): Clock {
  if (clock.fixed || clock.hour > 12) return { ...clock, latent: false, bare: false };
  const hour = clock.hour % 12;
  const afternoon = part === 'afternoon' || part === 'evening' || part === 'noon' || part === 'lunch';
  const late = part === 'night' && hour >= 6;
  return { ...clock, hour: afternoon || late ? hour + 12 : hour, fixed: true, latent: false, bare: false };
}
