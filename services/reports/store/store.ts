// What the service needs of its two stores: the documents, which are the truth, and the index, which follows them.
import type { Aggregation } from '../core/group-by.ts';
import type {
  IndexEntry,
  IndexFilter,
  ListPosition,
  PlacedReport,
  TimeSeriesQuery,
} from '../core/index-query.ts';
import type { IndexRow } from '../core/index-row.ts';
import type { Report, ReportKey, ReportSummary } from '../core/report.ts';

/** A page of one domain's reports. */
export interface DomainPage {
  readonly tenantId: string;
  readonly domainId: string;
  /** The last report of the page before; absent for the first page. */
  readonly after?: ListPosition | undefined;
  readonly limit: number;
}

/** A report whose run has not been applied. */
export interface UnsettledReport {
  readonly incidentId: string;
  readonly jobId: string;
}

/** The documents. Every method throws Fault `unavailable` while DynamoDB is away. */
export interface ReportStore {
  /** Stores a new report; false when its id is taken. Marks it as pending for the index. */
  create(report: Report): Promise<boolean>;
  /** Replaces the version before the report's own; false when another write was faster. Marks it as pending for the index. */
  replace(report: Report): Promise<boolean>;
  /** The newest version, or undefined. */
  find(key: ReportKey): Promise<Report | undefined>;
  /** Newest first. A report may be missing for a moment after it was stored. */
  listByDomain(page: DomainPage): Promise<readonly ReportSummary[]>;
  /** Reports submitted before a time (ISO 8601) that are still processing, oldest first. */
  listUnsettled(tenantId: string, before: string, limit: number): Promise<readonly UnsettledReport[]>;
  /** Answers when DynamoDB does. */
  ping(): Promise<void>;
}

/** The part of the documents that says which of them the index may lack. It works across tenants. */
export interface PendingReports {
  /** Number of partitions of the pending index. */
  readonly shards: number;
  /** Reports of one of the index's partitions (0 to `shards` - 1), oldest change first. */
  list(shard: number, limit: number): Promise<readonly ReportKey[]>;
  /** The newest version, or undefined. */
  find(key: ReportKey): Promise<Report | undefined>;
  /** Notes that the index has this version; nothing happens when there is a newer one. */
  clear(report: ReportKey & { readonly version: number }): Promise<void>;
}

/** Found reports and the number of all that match. */
export interface Retrieved {
  readonly entries: readonly IndexEntry[];
  readonly total: number;
}

/** A page of a list. */
export interface IndexPage {
  readonly domainId?: string | undefined;
  readonly status?: string | undefined;
  /** The last report of the page before; absent for lists by page number. */
  readonly after?: ListPosition | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** How many reports fall into one span of time. */
export interface TimeCount {
  readonly start: Date;
  readonly count: number;
}

/** The index. Every method throws Fault `unavailable` while PostgreSQL is away. */
export interface ReportIndex {
  /** Takes a row over unless the index holds this version or a newer one. */
  upsert(row: IndexRow): Promise<void>;
  /** Newest first. The total is left out with `after`. */
  list(tenantId: string, page: IndexPage): Promise<Omit<Retrieved, 'total'> & { readonly total?: number }>;
  /** By rank where there are words, else newest first. */
  retrieve(tenantId: string, filter: IndexFilter, limit: number): Promise<Retrieved>;
  /** Counts by a path of `groupPath`. */
  aggregate(tenantId: string, filter: IndexFilter, by: GroupLimit): Promise<Aggregation>;
  /** In order of time, at most 10,000. */
  countOverTime(
    tenantId: string,
    query: TimeSeriesQuery,
  ): Promise<{ readonly counts: readonly TimeCount[]; readonly total: number }>;
  /** Newest first. */
  points(
    tenantId: string,
    filter: IndexFilter,
    limit: number,
  ): Promise<{ readonly points: readonly PlacedReport[]; readonly total: number }>;
  /** Those of the ids that name reports of the domain, in no order. */
  verify(tenantId: string, domainId: string, incidentIds: readonly string[]): Promise<readonly IndexEntry[]>;
}

/** What to group by and how many groups to answer. */
export interface GroupLimit {
  readonly path: readonly string[];
  readonly limit: number;
}
