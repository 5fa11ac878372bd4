// What may be asked of the report index, and what breaks the rules of asking.
import type { Violation } from '../../../foundation/fault/fault.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { type Area, areaProblems, type GeoPoint } from './geo.ts';
import type { ReportSummary } from './report.ts';
import { isDomainId } from './report-problems.ts';

/** Longest text to search for, in UTF-16 code units. */
export const searchWordsLengthMax = 2_000;

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
  readonly place?: GeoPoint | undefined;
  /** 0 without words. */
  readonly rank: number;
}

/** The place of one report. */
export interface PlacedReport {
  readonly incidentId: string;
  readonly place: GeoPoint;
  readonly status: string;
  /** Empty when there is none. */
  readonly locationText: string;
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
  const { domainId, text = '', status = '', area } = filter;
  const rules: [string, boolean, string][] = [
    ['domain_id', domainId !== undefined && isDomainId(domainId), 'must name a domain'],
    ['text', text.length <= searchWordsLengthMax, `must have at most ${searchWordsLengthMax} characters`],
    ['text', !text.includes('\0'), 'must not hold the character U+0000'],
    ['status', !status.includes('\0'), 'must not hold the character U+0000'],
  ];
  const broken = rules.filter(([, holds]) => !holds).map(([field, , reason]) => ({ field, reason }));
  return [...broken, ...(area ? areaProblems(area) : [])].map(({ field, reason }) => ({
    field: `filter.${field}`,
    reason,
  }));
}

/** True for a name of the IANA time zone database; offsets such as `+05:30` are none. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}
