// What the service needs of its two stores: the documents, which are the truth, and the index, which follows them.
import type {
  ListPosition as ItemPosition,
  ListPart,
  ListRange,
} from '../../../foundation/dynamodb/list-index.ts';
import type { Aggregation, Measure } from '../core/group-by.ts';
import type {
  Cluster,
  IndexEntry,
  IndexFilter,
  ListPosition,
  PlacedReport,
  TimeSeriesQuery,
} from '../core/index-query.ts';
import type { IndexRow } from '../core/index-row.ts';
import type { Patch, PatchKey, PatchStatus } from '../core/patch.ts';
import type { Report, ReportKey, ReportSummary } from '../core/report.ts';
import type { Tombstone } from '../core/tombstone.ts';

/** The store of images, a port of its own. */
export type { ObjectStore, StoredUpload } from './object-store.ts';

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

/** Which reports a walk passes. */
export interface WalkRange {
  readonly tenantId: string;
  /** Only this domain; absent for all. */
  readonly domainId?: string | undefined;
  /** ISO 8601, inclusive; only with a domain. */
  readonly from?: string | undefined;
  /** ISO 8601, exclusive; only with a domain. */
  readonly to?: string | undefined;
}

/** A document whose newest version the index may lack. */
export interface PendingReport extends ReportKey {
  /** When that version was written, in ISO 8601. */
  readonly markedAt: string;
}

/** The documents. Every method throws Fault `unavailable` while DynamoDB is away. */
export interface ReportStore {
  /** Stores a new report; false when its id is taken, by a deleted report too. Marks it as pending for the index. */
  create(report: Report): Promise<boolean>;
  /** Replaces the version before the report's own; false when another write was faster. Marks it as pending for the index. */
  replace(report: Report): Promise<boolean>;
  /** Puts a tombstone in place of the version before its own; false when another write was faster. Marks it as pending for the index. */
  remove(tombstone: Tombstone): Promise<boolean>;
  /** The newest version, or undefined when there is none or it is deleted. */
  find(key: ReportKey): Promise<Report | undefined>;
  /** What stays of a deleted report, for two days at least; undefined for any other. */
  findTombstone(key: ReportKey): Promise<Tombstone | undefined>;
  /** The newest versions of those that are there, in no order. At most 100 keys, each once. */
  findMany(keys: readonly ReportKey[]): Promise<readonly Report[]>;
  /**
   * Keys of a domain's reports by time, or of all reports by domain and id, in steps of up to 100. It reads on when it is asked to. What
   * is stored or deleted meanwhile may be among them or not.
   */
  walk(range: WalkRange): AsyncGenerator<readonly ReportKey[]>;
  /** Newest first. A report may be missing for a moment after it was stored. */
  listByDomain(page: DomainPage): Promise<readonly ReportSummary[]>;
  /** Reports submitted before a time (ISO 8601) that are still processing, oldest first. */
  listUnsettled(tenantId: string, before: string, limit: number): Promise<readonly UnsettledReport[]>;
  /** Answers when DynamoDB does. */
  ping(): Promise<void>;
}

/** Parts of lists that are read from an index of DynamoDB. */
export type { ItemPosition, ListPart, ListRange };

/** Which patches are listed; undefined filters match all. */
export interface PatchFilter {
  readonly tenantId: string;
  readonly incidentId: string | undefined;
  readonly status: PatchStatus | undefined;
  readonly domainId: string | undefined;
}

/** How much is read at once. */
export interface PatchLimits {
  readonly patchesMax: number;
  /** Of the changes' JSON. */
  readonly bytesMax: number;
}

/** The patches, as far as the outboxes of their reports have been emptied. Every method throws Fault `unavailable` while DynamoDB is away. */
export interface PatchStore {
  /** Stores a state of a patch; nothing happens when the state that is stored is as new or newer. */
  put(patch: Patch): Promise<void>;
  /** The newest stored state, or undefined. */
  find(key: PatchKey): Promise<Patch | undefined>;
  /** Newest first, without patches of deleted reports, so that a part may be short. A newer state may be missing for a moment. */
  list(filter: PatchFilter, range: ListRange): Promise<ListPart<Patch>>;
  /** All patches of a report, oldest first, or undefined when they exceed the limits. A newer state may be missing for a moment. */
  allOf(key: ReportKey, limits: PatchLimits): Promise<readonly Patch[] | undefined>;
}

/** The patches of reports, to be removed. */
export interface PatchRemoval {
  /** Removes up to 100 patches of a report; true when none was left. Throws Fault `unavailable` while DynamoDB is away or too busy. */
  removeOf(report: ReportKey): Promise<boolean>;
}

/** The part of the documents that says which of them the index may lack. It works across tenants. */
export interface PendingReports {
  /** Number of partitions of the pending index. */
  readonly shards: number;
  /** Reports of one of the index's partitions (0 to `shards` - 1), oldest change first. */
  list(shard: number, limit: number): Promise<readonly PendingReport[]>;
  /** The newest version, or undefined when there is none or it is deleted. */
  find(key: ReportKey): Promise<Report | undefined>;
  /** What stays of a deleted report; undefined for any other. */
  findTombstone(key: ReportKey): Promise<Tombstone | undefined>;
  /** Notes that the index has this version; nothing happens when there is a newer one. */
  clear(report: ReportKey & { readonly version: number }): Promise<void>;
  /** Notes that the index has this tombstone, which then stays for two days more. */
  clearTombstone(tombstone: Tombstone): Promise<void>;
}

/** A search. */
export interface SearchQuery {
  readonly filter: IndexFilter;
  readonly limit: number;
  /** Whether to answer the words around what was searched for. */
  readonly snippets: boolean;
}

/** Found reports and how many match. */
export interface Retrieved {
  readonly entries: readonly IndexEntry[];
  /** Of what is common counted up to 2,000. */
  readonly total: number;
  /** True when there are more. */
  readonly totalAtLeast: boolean;
}

/** A page of a list. */
export interface IndexPage extends Pick<IndexFilter, 'domainId' | 'status' | 'from' | 'to'> {
  /** The last report of the page before; absent for lists by page number. */
  readonly after?: ListPosition | undefined;
  readonly offset: number;
  readonly limit: number;
}

/** Reports of a page; the total is left out with `after`. */
export interface Listed {
  readonly entries: readonly IndexEntry[];
  /** All matches. */
  readonly total?: number;
}

/** What to group by, how many groups to answer, and what to measure in each. */
export interface GroupQuery {
  /** A path of `groupPath`. */
  readonly path: readonly string[];
  readonly limit: number;
  readonly measure?: Measure | undefined;
}

/** How many reports fall into one span of time. */
export interface TimeCount {
  readonly start: Date;
  readonly count: number;
}

/** Spans with at least one report in order of time, at most 10,000, and their sum. */
export interface TimeSeries {
  readonly counts: readonly TimeCount[];
  readonly total: number;
}

/** Clusters, largest first, at most 10,000, and their sum. */
export interface Clusters {
  readonly clusters: readonly Cluster[];
  readonly total: number;
}

/** A part of a list of places. */
export interface PointsQuery {
  readonly filter: IndexFilter;
  /** The last report of the part before; absent for the first. */
  readonly after?: ListPosition | undefined;
  readonly limit: number;
}

/** Places, newest first; the total of all is left out with `after`. */
export interface Points {
  readonly points: readonly PlacedReport[];
  readonly total?: number;
}

/** A report as far as the index has it. */
export interface IndexedVersion {
  readonly incidentId: string;
  readonly version: number;
}

/** The index. Every method throws Fault `unavailable` while PostgreSQL is away. */
export interface ReportIndex {
  /** Takes a row over unless the index holds this version or a newer one, or a tombstone. */
  upsert(row: IndexRow): Promise<void>;
  /** The same for rows of one tenant, at most 500, all or none. */
  upsertMany(rows: readonly IndexRow[]): Promise<void>;
  /** The same, but rows of the version that the index holds are written anew: for making it again. */
  replaceMany(rows: readonly IndexRow[]): Promise<void>;
  /** Puts a tombstone in the place of a report, known or not, unless the index holds its version or a newer one. */
  remove(tombstone: ReportKey & { readonly version: number }): Promise<void>;
  /** Removes tombstones written before a time (ISO 8601), the oldest 10,000 at most, of all tenants; answers how many. */
  forgetTombstones(before: string): Promise<number>;
  /** Reports of the tenant in order of their ids, after one; tombstones are left out. */
  idsAfter(tenantId: string, cursor: string | undefined, limit: number): Promise<readonly IndexedVersion[]>;
  /**
   * Adds changes of up to 20,000 values to the counts that questions read, for all tenants; answers how many it took, 0 while another
   * process does. Counts are exact without it: it keeps questions fast.
   */
  foldFacets(): Promise<number>;
  /** Newest first. */
  list(tenantId: string, page: IndexPage): Promise<Listed>;
  /** By rank where there are words, among the newest 2,000 matches, else newest first. */
  retrieve(tenantId: string, query: SearchQuery): Promise<Retrieved>;
  /** Counts by the values at a path. */
  aggregate(tenantId: string, filter: IndexFilter, query: GroupQuery): Promise<Aggregation>;
  /** Throws Fault `invalid_argument` for a time zone that the database does not know. */
  countOverTime(tenantId: string, query: TimeSeriesQuery): Promise<TimeSeries>;
  /** Counts by quarter of a map tile of a zoom, 0 to 20. Reports without a place are left out. */
  clusters(tenantId: string, filter: IndexFilter, zoom: number): Promise<Clusters>;
  /** Reports without a place are left out. */
  points(tenantId: string, query: PointsQuery): Promise<Points>;
  /**
   * What names the present state of a domain: another text after each of its changes, and never the same again. Undefined while changes
   * are under way that it cannot tell apart.
   */
  revision(tenantId: string, domainId: string): Promise<string | undefined>;
  /** Removes what only told of states before the present ones, of all tenants, up to 100,000 changes; answers how many. */
  forgetChanges(): Promise<number>;
  /** Those of the ids that name reports of the domain, in no order. */
  verify(tenantId: string, domainId: string, incidentIds: readonly string[]): Promise<readonly IndexEntry[]>;
}
