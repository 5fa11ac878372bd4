// Figures, names and dates in words. It knows nothing of questions or reports.

import type { Bucket } from '../report-data.ts';

const nameLengthMax = 40;

/** "1 report", "12 reports". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A share in whole percent, "34 %"; 0 of 0 is 0. */
export function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.round((100 * part) / whole)} %`;
}

/** The name with blanks for underscores, cut behind a whole word where it is longer than `most` characters. */
export function shortened(name: string, most: number = nameLengthMax): string {
  const plain = name.replaceAll('_', ' ').replace(/\s+/g, ' ').trim();
  if (plain.length <= most) return plain;
  const cut = plain.slice(0, most - 1);
  const words = cut.slice(0, Math.max(cut.lastIndexOf(' '), Math.ceil(most / 2)));
  return `${words.replace(/[\s,;.-]+$/, '').toWellFormed()}…`;
}

/** "1 Nov 2025" in the zone. */
export function dateOf(instantMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).format(instantMs);
}

/** "18:42" in the zone. */
export function clockOf(instantMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(instantMs);
}

/** A bucket by its start: "Nov 2025", "week of 3 Nov 2025", "3 Nov 2025", "3 Nov 2025 14:00". */
export function bucketName(startIso: string, bucket: Bucket, timeZone: string): string {
  const start = Date.parse(startIso);
  if (bucket === 'month') {
    return new Intl.DateTimeFormat('en-GB', { timeZone, month: 'short', year: 'numeric' }).format(start);
  }
  const date = dateOf(start, timeZone);
  if (bucket === 'hour') return `${date} ${clockOf(start, timeZone)}`;
  return bucket === 'week' ? `week of ${date}` : date;
}
