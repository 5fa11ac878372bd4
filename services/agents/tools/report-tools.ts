// The tools of the platform that ask the reports of the run's domain: retrieval, aggregation, spatial and analytics. Arguments have been
// checked against their schemas, which the registry keeps.
import { correlationsOf } from '../core/query/correlation.ts';
import { peakOf, trendOf } from '../core/query/trend.ts';
import type {
  AggregateRequest,
  ReportData,
  ReportFilter,
  RetrieveRequest,
  SeriesRequest,
  SpatialRequest,
} from '../core/report-data.ts';
import type { JsonObject, JsonValue } from '../core/skill.ts';

/** The most groups of a pattern. */
export const patternsMax = 20;

/** Values of the first field that are correlated: each costs a question to the index. */
export const correlatedValuesMax = 10;

const secondValuesMax = 50;

/** Answers of a tool to checked arguments. */
export type AnswerTool = (given: JsonObject) => Promise<JsonValue>;

/** Names of the four tools. */
export type ReportToolName = 'retrieval_api' | 'aggregation_api' | 'spatial_api' | 'analytics_api';

/** The four tools, by name. Faults of the reports service pass through. */
export function createReportTools(data: ReportData): Readonly<Record<ReportToolName, AnswerTool>> {
  const ask =
    <Request>(question: (request: Request) => Promise<object>): AnswerTool =>
    async (given) =>
      plain(await question(given as unknown as Request));
  return {
    retrieval_api: ask<RetrieveRequest>(data.retrieve),
    aggregation_api: ask<AggregateRequest>(data.aggregate),
    spatial_api: ask<SpatialRequest>(data.spatial),
    analytics_api: ask<AnalyticsRequest>((request) => analyse(data, request)),
  };
}

type Field = AggregateRequest['group_by'];

/** A series over time, the patterns of one field, or how two fields go together. */
type AnalyticsRequest = SeriesRequest & {
  readonly group_by?: Field;
  readonly correlate_with?: Field;
  readonly limit?: number;
};

async function analyse(data: ReportData, request: AnalyticsRequest): Promise<object> {
  const { group_by: first, correlate_with: second, limit = patternsMax, ...rest } = request;
  if (first === undefined) {
    const series = await data.series(rest);
    return { ...series, trend: trendOf(series.buckets), ...optional({ peak: peakOf(series.buckets) }) };
  }
  const { bucket: _, time_zone: __, event: ___, ...filter } = rest;
  if (second !== undefined) return correlate(data, filter, [first, second]);
  return data.aggregate({ ...filter, group_by: first, limit: Math.min(limit, patternsMax) });
}

async function correlate(data: ReportData, filter: ReportFilter, [one, other]: readonly [Field, Field]) {
  const [all, firstGroups, secondGroups] = await Promise.all([
    data.aggregate({ ...filter, group_by: 'status', limit: 1 }),
    data.aggregate({ ...filter, group_by: one, limit: correlatedValuesMax }),
    data.aggregate({ ...filter, group_by: other, limit: secondValuesMax }),
  ]);
  // What is beyond the limit is summed up as one more group, which is no value.
  const first = firstGroups.groups.slice(0, correlatedValuesMax);
  const second = secondGroups.groups.slice(0, secondValuesMax);
  const together = await Promise.all(
    first.map(async ({ key }) => {
      const where = { ...filter.where, [one]: key };
      const { groups } = await data.aggregate({ ...filter, where, group_by: other, limit: secondValuesMax });
      return [key, groups.slice(0, secondValuesMax)] as const;
    }),
  );
  const correlations = correlationsOf({ reports: all.total, first, second, together: new Map(together) });
  return { total: all.total, correlations };
}

function optional(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function plain(answer: object): JsonValue {
  return JSON.parse(JSON.stringify(answer)) as JsonValue;
}
