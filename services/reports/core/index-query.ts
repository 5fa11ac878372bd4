// What may be asked of the report index, and what breaks the rules of asking.
import type { Violation } from '../../../foundation/fault/fault.ts';
import type { JsonObject, JsonValue } from '../../../foundation/json/json.ts';
import { type Area, areaProblems, type GeoPoint } from './geo.ts';
import { groupPath, groupPathRule, isColumn } from './group-by.ts';
import type { ReportSummary } from './report.ts';
import { isDomainId } from './report-problems.ts';

/** Longest text to search for, in UTF-16 code units. */
export const searchWordsLengthMax = 2_000;
/** Values that a filter asks for at most. */
export const matchesMax = 10;
/** Longest text to match a value with, in UTF-16 code units. */
export const matchLengthMax = 2_000;
/** The closest zoom of a map. */
export const zoomMax = 20;

/** Narrows a search; absent parts do not narrow it. */
export interface IndexFilter {
  readonly domainId?: string | undefined;
  /** Web search syntax. Text without any word to search for (stop words alone) does not narrow. */
  readonly text?: string | undefined;
  /** ISO 8601, inclusive. */
  readonly from?: string | undefined;
  /** ISO 8601, exclusive. */
  readonly to?: string | undefined;
  readonly status?: string | undefined;
  readonly area?: Area | undefined;
  /** Values that a report must have, all of them. */
  readonly matches?: readonly FieldMatch[] | undefined;
}

/** One value that a report must have. */
export interface FieldMatch {
  /** As `groupPath` takes it. */
  readonly path: string;
  /** Text, number or boolean; a text is none of the number that it shows. A list matches when it holds the value. */
  readonly value: JsonValue;
}

/** Where a page of a list ended: its last report. */
export interface ListPosition {
  /** ISO 8601. */
  readonly createdAt: string;
  readonly incidentId: string;
}

/** A found report. */
export interface IndexEntry extends ReportSummary {
  readonly ingestionData: JsonObject;
  readonly managementData: JsonObject;
  readonly place?: GeoPoint | undefined;
  /** 0 without words. */
  readonly rank: number;
  /** The words around what was searched for; empty where none were asked for. */
  readonly snippet: string;
}

/** The place of one report. */
export interface PlacedReport extends ListPosition {
  readonly place: GeoPoint;
  readonly status: string;
  /** Empty when there is none. */
  readonly locationText: string;
}

/** Reports of one cell of a map. */
export interface Cluster {
  /** Mean of their places. */
  readonly point: GeoPoint;
  readonly count: number;
}

/** Calendar spans. */
export type TimeBucket = 'hour' | 'day' | 'week' | 'month';

/** How reports are spread over time. */
export interface TimeSeriesQuery {
  readonly filter: IndexFilter;
  readonly bucket: TimeBucket;
  /** IANA name. */
  readonly timeZone: string;
  /** True counts by the time of the event; reports without one are left out. */
  readonly byEventTime: boolean;
}

/** Every broken rule of a filter. The domain is required. */
export function filterProblems(filter: IndexFilter): readonly Violation[] {
  const { domainId, text = '', status = '', area, matches = [] } = filter;
  const rules: [string, boolean, string][] = [
    ['domain_id', domainId !== undefined && isDomainId(domainId), 'must name a domain'],
    ['text', text.length <= searchWordsLengthMax, `must have at most ${searchWordsLengthMax} characters`],
    ['text', !text.includes('\0'), 'must not hold the character U+0000'],
    ['status', !status.includes('\0'), 'must not hold the character U+0000'],
    ['matches', matches.length <= matchesMax, `must be at most ${matchesMax}`],
  ];
  const broken = rules.filter(([, holds]) => !holds).map(([field, , reason]) => ({ field, reason }));
  const ofMatches = matches.slice(0, matchesMax).flatMap(matchProblems);
  return [...broken, ...(area ? areaProblems(area) : []), ...ofMatches].map(({ field, reason }) => ({
    field: `filter.${field}`,
    reason,
  }));
}

function matchProblems({ path, value }: FieldMatch, at: number): readonly Violation[] {
  const pathHolds = groupPath(path) !== undefined;
  const reason = valueProblem(value, isColumn(path));
  return [
    ...(pathHolds ? [] : [{ field: `matches[${at}].path`, reason: groupPathRule }]),
    ...(reason === undefined ? [] : [{ field: `matches[${at}].value`, reason }]),
  ];
}

function valueProblem(value: JsonValue, ofColumn: boolean): string | undefined {
  if (typeof value === 'string') {
    if (value.length > matchLengthMax) return `must have at most ${matchLengthMax} characters`;
    return value.includes('\0') ? 'must not hold the character U+0000' : undefined;
  }
  if (ofColumn) return 'must be a text';
  const isNumber = typeof value === 'number' && Number.isFinite(value);
  return isNumber || typeof value === 'boolean' ? undefined : 'must be a text, a number or a boolean';
}
