// The port of the query skills over reports in memory, by the rules that the port states; for tests. Words are compared without
// common endings, which stands in for the index's stems.

import type { FoundReport, ReportData, ReportFilter } from '../report-data.ts';
import type { JsonObject } from '../skill.ts';
import { groupReports } from './groups.ts';
import { seriesOf } from './local-series.ts';
import { pointsOf } from './map-data.ts';

/** A report with the fields that only the index counts. */
export interface ReportInMemory extends FoundReport {
  readonly source: string;
  readonly created_by: string;
}

/** Answers questions over the reports. */
export function createReportsInMemory(reports: readonly ReportInMemory[]): ReportData {
  const select = (filter: ReportFilter) => reports.filter((one) => fits(one, filter));
  return {
    retrieve: async (request) => {
      const found = select(request);
      return { total: found.length, reports: found.slice(0, request.limit) };
    },
    aggregate: async (request) => {
      const { group_by: field } = request;
      if (field !== 'source' && field !== 'created_by') return groupReports(select(request), request);
      const counted = select(request).map((one) => ({ ...one, ingestion_data: { value: one[field] } }));
      return groupReports(counted, { ...request, group_by: 'ingestion_data.value' });
    },
    series: async (request) => seriesOf(select(request), request),
    spatial: async (request) => pointsOf(select(request), request.limit),
  };
}

function fits(report: FoundReport, filter: ReportFilter): boolean {
  const { text, from, to, bounds, status, near, polygon, where } = filter;
  if (near ?? polygon) throw new Error('No skill asks for this, so nothing in memory answers it');
  const { created_at } = report;
  const inTime = (from === undefined || created_at >= from) && (to === undefined || created_at < to);
  const inState = status === undefined || report.status === status;
  return (
    inTime && inState && hasValues(report, where) && isInside(report, bounds) && holds(report.summary, text)
  );
}

function hasValues(report: FoundReport, where: ReportFilter['where'] = {}): boolean {
  return Object.entries(where).every(([path, value]) => {
    const found = path.split('.').reduce<unknown>((at, key) => (at as JsonObject | undefined)?.[key], report);
    return found === value;
  });
}

function isInside({ location }: FoundReport, bounds: ReportFilter['bounds']): boolean {
  if (bounds === undefined) return true;
  if (location === null) return false;
  const [longitude, latitude] = location.coordinates;
  const inWidth = longitude >= bounds.west && longitude <= bounds.east;
  return inWidth && latitude >= bounds.south && latitude <= bounds.north;
}

/** Whether a text fits a query in web search syntax: clauses joined by "or", each of words and quoted phrases that are all required. */
export function holds(text: string, query: string | undefined): boolean {
  if (query === undefined) return true;
  const words = text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ');
  const stem = (word: string) => word.replace(/[^\p{L}\p{N} ]/gu, '').replace(/(?<=.{3})(?:ing|es|s)$/, '');
  const names = (part: string) => new RegExp(`\\b${stem(part)}(?:s|es|ed|ing)?\\b`).test(words);
  const parts = (clause: string) => clause.match(/"[^"]+"|\S+/g) ?? [];
  return query.split(' or ').some((clause) => parts(clause).every(names));
}
