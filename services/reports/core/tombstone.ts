// What stays of a deleted report: enough to keep its id from being used again and to remove what belongs to it, and nothing of its content.
import type { Report, ReportKey } from './report.ts';

/** What stays of a deleted report. */
export interface Tombstone extends ReportKey {
  /** `job_` id of its newest run; absent where it was deleted before that was kept. */
  readonly jobId?: string | undefined;
  /** Domain it belonged to; part of the keys of its images. */
  readonly domainId: string;
  /** ISO 8601, milliseconds, UTC. */
  readonly deletedAt: string;
  /** One higher than the last version of the report. */
  readonly version: number;
}

/** The tombstone that takes a report's place. `deletedAt` in ISO 8601. */
export function tombstoneOf(report: Report, deletedAt: string): Tombstone {
  const { tenantId, incidentId, jobId, domainId, version } = report;
  return { tenantId, incidentId, jobId, domainId, deletedAt, version: version + 1 };
}
