// The port of the query skills over reports in memory, by the rules that the port states; for tests. Words are compared without
// common endings, which stands in for the index's stems.

import type { Position } from '../gazetteer.ts';
import { distanceKm } from '../geo/distance.ts';
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
      if (field !== 'created_by') return groupReports(select(request), request);
      const counted = select(request).map((one) => ({ ...one, ingestion_data: { value: one.created_by } }));
      return groupReports(counted, { ...request, group_by: 'ingestion_data.value' });
    },
    series: async (request) => seriesOf(select(request), request),
    spatial: async (request) => pointsOf(select(request), request.limit),
    values: async ({ field, limit }) =>
      groupReports(reports, { group_by: field, limit }).groups.map(({ key }) => key),
    clusters: async (request) => {
      const points = select(request).flatMap(({ location }) => (location === null ? [] : [location]));
      return { total: points.length, clusters: points.map((point) => ({ point, count: 1 })) };
    },
    lookup: async ({ ids }) => {
      const found = ids.flatMap((id) => reports.filter(({ incident_id }) => incident_id === id));
      return { total: found.length, reports: found };
    },
  };
}

function fits(report: FoundReport, filter: ReportFilter): boolean {
  const { text, from, to, bounds, status, where } = filter;
  const { created_at } = report;
  const inTime = (from === undefined || created_at >= from) && (to === undefined || created_at < to);
  const inState = status === undefined || report.status === status;
  return (
    inTime &&
    inState &&
    hasValues(report, where) &&
    isInside(report, bounds) &&
    isInArea(report, filter) &&
    holds(report.summary, text)
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

function isInArea({ location }: FoundReport, { near, radius_km = 10, polygon }: ReportFilter): boolean {
  if (near === undefined && polygon === undefined) return true;
  if (location === null) return false;
  const isNear = near === undefined || distanceKm(near, location.coordinates) <= radius_km;
  return isNear && (polygon === undefined || isWithin(location.coordinates, polygon));
}

/** For convex polygons, whose corners go round in one direction: no side may have the point on its other side. */
function isWithin([x, y]: Position, corners: readonly Position[]): boolean {
  const sides = corners.map((a, at) => {
    const b = corners[(at + 1) % corners.length] ?? a;
    return (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]);
  });
  return sides.every((side) => side >= 0) || sides.every((side) => side <= 0);
}

/** Whether a text fits a query in web search syntax: clauses joined by "or", each of words and quoted phrases that are all required, or, after a minus, excluded. */
export function holds(text: string, query: string | undefined): boolean {
  if (query === undefined) return true;
  const words = text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ');
  const stem = (word: string) => word.replace(/[^\p{L}\p{N} ]/gu, '').replace(/(?<=.{3})(?:ing|es|s)$/, '');
  const names = (part: string) => new RegExp(`\\b${stem(part)}(?:s|es|ed|ing)?\\b`).test(words);
  const parts = (clause: string) => clause.match(/-?"[^"]+"|\S+/g) ?? [];
  const fits = (part: string) => (part.startsWith('-') ? !names(part.slice(1)) : names(part));
  return query.split(' or ').some((clause) => parts(clause).every(fits));
}
