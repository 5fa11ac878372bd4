// Which reports an export holds, judged by the documents themselves, since indexes lag behind them.
import type { Violation } from '../../../foundation/fault/fault.ts';
import type { Report } from './report.ts';
import { isDomainId } from './report-problems.ts';

/** Narrows an export; absent parts do not. */
export interface ExportFilter {
  readonly domainId?: string | undefined;
  readonly status?: string | undefined;
  /** ISO 8601, inclusive, by the time of the submission. */
  readonly from?: string | undefined;
  /** ISO 8601, exclusive. */
  readonly to?: string | undefined;
}

/** Every broken rule of a filter. */
export function exportProblems({ domainId, status = '' }: ExportFilter): readonly Violation[] {
  const rules: [field: string, holds: boolean, reason: string][] = [
    ['domain_id', domainId === undefined || isDomainId(domainId), 'must be the id of a domain'],
    ['status', !status.includes('\0'), 'must not hold the character U+0000'],
  ];
  return rules.filter(([, holds]) => !holds).map(([field, , reason]) => ({ field, reason }));
}

/** Whether a report is in the export. */
export function isExported(report: Report, { domainId, status, from, to }: ExportFilter): boolean {
  const { createdAt } = report;
  return (
    (domainId === undefined || report.domainId === domainId) &&
    (status === undefined || report.status === status) &&
    (from === undefined || createdAt >= from) &&
    (to === undefined || createdAt < to)
  );
}

/** Documents in runs of at most so many bytes of JSON, at least one document in each. */
export function inMessages(reports: readonly Report[], bytesMax: number): readonly (readonly Report[])[] {
  const messages: Report[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const report of reports) {
    const size = Buffer.byteLength(JSON.stringify(report));
    bytes += size;
    if (bytes > bytesMax) {
      messages.push([]);
      bytes = size;
    }
    messages.at(-1)?.push(report);
  }
  return messages;
}
