// Reports in the order that a question asks for: the newest, the oldest or the nearest first; and the first of them in words.

import type { Position } from '../gazetteer.ts';
import { distanceKm } from '../geo/distance.ts';
import type { Understanding } from '../question/understand.ts';
import type { FoundReport, ReportFilter } from '../report-data.ts';
import type { SentencePart } from './sentence.ts';
import { clockOf, dateOf, shortened } from './words.ts';

/** An order of reports. */
export interface Order {
  readonly by: 'newest' | 'oldest' | 'nearest';
  /** What is nearest; unused for times. */
  readonly point: Position;
}

/** The order that the question asks for; undefined where it asks for none. */
export function orderOf({ order, fields, areas }: Understanding): Order | undefined {
  const [area] = areas;
  if (order !== undefined) return { by: order, point: [0, 0] };
  return fields.has('distance') && areas.length === 1 && area?.point !== undefined
    ? { by: 'nearest', point: area.point }
    : undefined;
}

/** The reports in that order; of the nearest only those with a location. */
export function inOrder(reports: readonly FoundReport[], { by, point }: Order): FoundReport[] {
  const far = (report: FoundReport): number => {
    if (by === 'nearest') return kmFrom(point, report) ?? Infinity;
    return Date.parse(report.created_at) * (by === 'newest' ? -1 : 1);
  };
  return reports
    .filter(({ location }) => by !== 'nearest' || location !== null)
    .sort((a, b) => far(a) - far(b) || (a.incident_id < b.incident_id ? -1 : 1));
}

/** What narrows to the reports that come before the last of these in the order, or with it. */
export function narrowedTo(last: FoundReport, { by, point }: Order): ReportFilter {
  if (by === 'newest') return { from: last.created_at };
  if (by === 'oldest') return { to: new Date(Date.parse(last.created_at) + 1).toISOString() };
  // A little more, so that rounding on either side leaves out none.
  return { near: point, radius_km: (kmFrom(point, last) ?? 0) * 1.001 + 0.001 };
}

function kmFrom(point: Position, { location }: FoundReport): number | undefined {
  return location === null ? undefined : distanceKm(point, location.coordinates);
}

/** "newest 31 Jan 2019: “Pothole at …”"; nothing where no order of times is asked for. */
export function orderedWords(
  { order, timeZone }: Understanding,
  [first]: readonly FoundReport[],
): SentencePart {
  if (order === undefined || first === undefined) return '';
  const date = dateOf(Date.parse(first.created_at), timeZone);
  return [80, 50, 30].map((most) => `${order} ${date}: “${shortened(first.summary, most)}”`);
}

/** "newest on 31 Jan 2019 at 18:20"; nothing where no order of times is asked for. */
export function orderedTime({ order, timeZone }: Understanding, [first]: readonly FoundReport[]): string {
  if (order === undefined || first === undefined) return '';
  const time = Date.parse(first.created_at);
  return `${order} on ${dateOf(time, timeZone)} at ${clockOf(time, timeZone)}`;
}

/** "nearest “Hydrant leaks …” at 560 m"; nothing where the nearest is not asked for. */
export function nearestWords(question: Understanding, [first]: readonly FoundReport[]): SentencePart {
  const order = orderOf(question);
  const km = first === undefined || order?.by !== 'nearest' ? undefined : kmFrom(order.point, first);
  if (first === undefined || km === undefined) return '';
  const far = km < 1 ? `${Math.round(km * 100) * 10} m` : `${Math.round(km * 10) / 10} km`;
  return [60, 30].map((most) => `nearest “${shortened(first.summary, most)}” at ${far}`);
}
