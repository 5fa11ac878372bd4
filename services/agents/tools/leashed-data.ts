// The tools of the query skills: retrieval_api, aggregation_api, analytics_api and spatial_api. Each question to the reports is a call of
// one of them, on the leash.
import type { ReportData } from '../core/report-data.ts';
import type { JsonObject } from '../core/skill.ts';
import type { ToolLeash } from './tool-leash.ts';

/** What holds the calls. */
export interface LeashedDataOptions {
  readonly leash: ToolLeash;
  /** Names on the agent's list. */
  readonly tools: readonly string[];
}

/** The same answers, each call being on the leash. */
export function leashReportData(data: ReportData, { leash, tools }: LeashedDataOptions): ReportData {
  // Counts by a field are patterns too: an agent without the aggregation tool has them from the analytics tool.
  const countingTool = tools.includes('aggregation_api') ? 'aggregation_api' : 'analytics_api';
  const leashed =
    <Request extends object, Answer>(toolName: string, ask: (request: Request) => Promise<Answer>) =>
    (request: Request): Promise<Answer> =>
      leash({ toolName, effect: 'read', arguments: plain(request), run: () => ask(request) });
  return {
    retrieve: leashed('retrieval_api', data.retrieve),
    aggregate: leashed(countingTool, data.aggregate),
    series: leashed('analytics_api', data.series),
    spatial: leashed('spatial_api', data.spatial),
    // The choices of a filter belong to finding reports by it.
    values: leashed('retrieval_api', data.values),
    clusters: leashed('spatial_api', data.clusters),
    lookup: leashed('retrieval_api', data.lookup),
  };
}

function plain(request: object): JsonObject {
  return JSON.parse(JSON.stringify(request));
}
