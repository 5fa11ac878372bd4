// A time as it is handed out: where the words stand and what they mean from the reference. What a caller tells about the text.

import type { Span } from '../skill.ts';
import type { Grain } from './grain.ts';
import type { Bound, Edge, PartHours, PartName } from './meaning.ts';
import type { Direction } from './resolve.ts';
import type { Zone } from './zone-time.ts';

/** The moment that relative words refer to, and the zone of the wall clocks. */
export interface TimeContext {
  /** In milliseconds since the epoch. */
  readonly referenceMs: number;
  readonly zone: Zone;
}

/** What is known of the text beside its words. */
export interface TimeSetting extends TimeContext {
  /** How 3/4 is read; month first where absent. */
  readonly dateOrder?: 'day-first' | 'month-first';
  /** Where a Monday or a March without more lies; `past` where absent, and words such as "will" still speak of the future. */
  readonly direction?: Direction;
  /** Whether the text is nothing but a time, so that a bare number may be one. */
  readonly lone?: boolean;
  /** Hours of the parts of a day; absent are common English ones. */
  readonly partHours?: PartHours;
  /** Whether "the last two weeks" end now rather than with the last whole week; true where absent. */
  readonly rolling?: boolean;
  /** Whether "early May" is the first half of May rather than its first ten days; false where absent. */
  readonly halves?: boolean;
}

/** A stretch of wall time, half-open, as ISO 8601 without a zone; an open end is absent. */
export interface WallStretch {
  readonly from?: string;
  readonly to?: string;
}

/** A time expression of a text. */
export interface TimeExpression extends Span, WallStretch {
  readonly text: string;
  /** As in TIMEX3: `time` is finer than a day; a range has the type of its ends. */
  readonly type: 'date' | 'time' | 'duration' | 'set';
  /** TIMEX3 value. A range's is its length, with `named` its ends. */
  readonly value: string;
  /** How exactly it is told; of a duration the finest unit. */
  readonly grain: Grain;
  /** The stretch that the words name, without regard to `bound`; absent for durations, sets and days that no calendar has. */
  readonly named?: Required<WallStretch> & {
    /** Where the last named unit begins, when both ends are named. */
    readonly last?: string;
  };
  /** Which side of the named stretch is meant; absent when the stretch itself is. */
  readonly bound?: Bound;
  readonly part?: PartName;
  readonly edge?: Edge;
  /** Whether the words tell the day and not only the hour. */
  readonly dated: boolean;
  /** Whether it is reckoned from the reference: "today", "two weeks ago". */
  readonly relative: boolean;
  /** Whether "from" or "since" says that something begins then. */
  readonly begins: boolean;
  /** How far from the reference it lies, as a TIMEX length: PT45M for "45 minutes ago". */
  readonly distance?: string;
  /** How many units something has gone on before this one: 2 for "third night in a row". */
  readonly running?: number;
  /** Whether it tells how long something goes on: "for three weeks". */
  readonly lasting: boolean;
  /** Whether it counts a length without saying how many ("for weeks", "a few days"). */
  readonly vague: boolean;
  /** For a vague count, the length that it is reckoned with: P3D for "a few days". */
  readonly guess?: string;
  /** Other stretches that the words can mean, the likelier first. */
  readonly readings: readonly Required<WallStretch>[];
  /** 0..1. */
  readonly confidence: number;
}

/** Hours of the parts of a day as most English speakers mean them. */
export const commonPartHours: PartHours = {
  morning: [6, 12],
  forenoon: [9, 12],
  noon: [12, 13],
  lunch: [12, 14],
  afternoon: [12, 18],
  evening: [18, 22],
  night: [20, 24],
  day: [8, 18],
};
