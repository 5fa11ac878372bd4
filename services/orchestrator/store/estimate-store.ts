// The part of the ports that estimates are made from: what the newest runs of a tenant were, whoever started them. It is read for sums alone;
// whose runs they were is told to nobody.
import type { ExecutionKind } from '../core/execution-kind.ts';
import type { PinnedText } from '../core/execution-record.ts';
import type { JournalEntry } from '../core/journal-event.ts';

/** Runs that are looked for. */
export interface RecordedRunsAsked {
  readonly kind: ExecutionKind;
  /** Runs of this domain come before those of others. */
  readonly domainId: string;
}

/** A run that was completed. */
export interface RecordedRun {
  readonly id: string;
  readonly plan: PinnedText;
  /** Size of the job's input as JSON, in bytes of UTF-8. */
  readonly inputBytes: number;
}

/** The most runs that an estimate looks at. */
export const recordedRunsMax = 100;

/** Serves the estimates of one tenant. */
export interface EstimateStore {
  /** Up to `recordedRunsMax` completed runs among the newest 1,000 of the tenant: those of the domain first, newer ones before older ones. */
  findRecordedRuns(tenantId: string, asked: RecordedRunsAsked): Promise<readonly RecordedRun[]>;
  /** The journal of a run, up to 2,000 rows of it. */
  readRecordedJournal(tenantId: string, id: string): Promise<readonly JournalEntry[]>;
}
