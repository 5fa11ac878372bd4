// The port through which the query skills see the reports of one domain. It says what may be asked and what comes back; tenant, domain
// and permission are the business of whoever implements it. Texts are searched as in PostgreSQL's `websearch_to_tsquery`: words are
// all required, `or` between words leaves a choice (and binds weaker), "quoted words" stand together, `-` excludes.

import type { Bounds } from './geo/distance.ts';
import type { JsonObject } from './skill.ts';

/** A GeoJSON point. */
export interface Point {
  readonly type: 'Point';
  readonly coordinates: readonly [longitude: number, latitude: number];
}

/** The most reports of one look-up. */
export const lookupMax = 50;

/** What narrows every question; absent parts do not narrow. */
export interface ReportFilter {
  readonly text?: string;
  /** ISO; reports created at or after. */
  readonly from?: string;
  /** ISO; reports created before. */
  readonly to?: string;
  /** Only reports with a location inside. At most one area is given. */
  readonly bounds?: Bounds;
  /** Only reports with a location around this point; needs `radius_km` (10 where absent). */
  readonly near?: readonly [longitude: number, latitude: number];
  readonly radius_km?: number;
  /** Only reports with a location inside; at least three corners. */
  readonly polygon?: readonly (readonly [longitude: number, latitude: number])[];
  readonly status?: string;
  /** Values that reports must have, by field as in `group_by`; a list matches when it holds the value. */
  readonly where?: Readonly<Record<string, string | number | boolean>>;
}

/** One report as the index holds it. */
export interface FoundReport {
  readonly incident_id: string;
  readonly status: string;
  /** ISO, UTC. */
  readonly created_at: string;
  /** The beginning of the raw text, at most 200 characters. */
  readonly summary: string;
  /** The merged outputs of the ingestion agents; empty while the report is processing. */
  readonly ingestion_data: JsonObject;
  readonly location: Point | null;
  /** How well the text matches, higher is better; 0 without a text. */
  readonly rank: number;
  /** What people and management agents recorded; absent where nothing is. */
  readonly management_data?: JsonObject;
  /** The words around what was searched for; absent unless asked for. */
  readonly snippet?: string;
  /** Where it came from, such as `web`; absent where it is not known. */
  readonly source?: string;
}

/** Reports by filter, best match first and the newest of equals first. */
export interface RetrieveRequest extends ReportFilter {
  /** 1..100. */
  readonly limit: number;
  /** Whether to answer snippets. */
  readonly snippets?: boolean;
}

/** `total` counts all matches, also those beyond the limit. */
export interface RetrieveResult {
  readonly total: number;
  readonly reports: readonly FoundReport[];
}

/** Counts by a field. */
export interface AggregateRequest extends ReportFilter {
  /** `ingestion_data.<path>` reads the outputs, `management_data.<path>` what was recorded; an array counts per element. */
  readonly group_by:
    | 'status'
    | 'source'
    | 'created_by'
    | `ingestion_data.${string}`
    | `management_data.${string}`;
  /** 1..50, the largest groups first; what is beyond is summed under `other`. */
  readonly limit: number;
  /** A figure over the numbers at a path of each group; absent for counts alone. */
  readonly measure?: Measure;
}

/** A figure over numbers; values that are no numbers are passed over. */
export interface Measure {
  readonly function: 'avg' | 'sum' | 'min' | 'max';
  /** Below `ingestion_data.` or `management_data.`. */
  readonly path: string;
}

/** `total` is the sum of all counts; reports without the field are in no group. An element that is an object has its JSON text as key. */
export interface AggregateResult {
  readonly total: number;
  readonly groups: readonly {
    readonly key: string;
    readonly count: number;
    /** The measure; absent where it was not asked for or no member has a number there. */
    readonly value?: number;
  }[];
}

/** The widths of time series. */
export type Bucket = 'hour' | 'day' | 'week' | 'month';

/** Counts over time. */
export interface SeriesRequest extends ReportFilter {
  readonly bucket: Bucket;
  /** IANA name; buckets begin at this zone's full hours, midnights, Mondays and firsts. */
  readonly time_zone: string;
  /** Whether to count by when it happened (`ingestion_data.timestamp`) instead of when it was reported; reports without it are left out. */
  readonly event?: boolean;
}

/** Buckets in time order; those without a report between the first and the last are present with 0. */
export interface SeriesResult {
  readonly total: number;
  readonly buckets: readonly { readonly start: string; readonly count: number }[];
}

/** Reports with a location. */
export interface SpatialRequest extends ReportFilter {
  /** 1..1000. */
  readonly limit: number;
}

/** `total` counts all reports with a location that match. */
export interface SpatialResult {
  readonly total: number;
  readonly points: readonly LocatedReport[];
}

/** One report on the map. */
export interface LocatedReport {
  readonly incident_id: string;
  readonly point: Point;
  readonly status: string;
  /** As the text names the place; null where it does not. */
  readonly location_text: string | null;
}

/** Located reports by cells of a map, all of them, also where there are too many to list. */
export interface ClusterRequest extends ReportFilter {
  /** Zoom of the map, 0..20; a cell is a quarter of a tile wide. */
  readonly zoom: number;
}

/** `total` is the sum of all counts; each point is the mean of its cell. */
export interface ClusterResult {
  readonly total: number;
  readonly clusters: readonly { readonly point: Point; readonly count: number }[];
}

/** A field whose values are wanted, as choices for a filter. */
export interface ValuesRequest {
  readonly field: AggregateRequest['group_by'];
  /** 1..50; rarer values are left out. */
  readonly limit: number;
}

/** The questions that a skill may ask; each rejects with a Fault when the index cannot answer. */
export interface ReportData {
  retrieve(request: RetrieveRequest): Promise<RetrieveResult>;
  aggregate(request: AggregateRequest): Promise<AggregateResult>;
  series(request: SeriesRequest): Promise<SeriesResult>;
  spatial(request: SpatialRequest): Promise<SpatialResult>;
  /** Which values a field has among all reports of the domain, the most frequent first. */
  values(request: ValuesRequest): Promise<readonly string[]>;
  clusters(request: ClusterRequest): Promise<ClusterResult>;
  /** The reports of the domain with these ids, at most `lookupMax`, in their order; ids of others are passed over. */
  lookup(request: { readonly ids: readonly string[] }): Promise<RetrieveResult>;
}
