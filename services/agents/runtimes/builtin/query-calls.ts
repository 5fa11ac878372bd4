// Counts the calls of one question, so that what a skill would like to know beyond what an agent may ask is left out before a call is
// refused.

import type { ReportData } from '../../core/report-data.ts';

/** Calls that one skill makes for one question at most: six skills stay within what an execution may call. */
export const callsMax = 16;

/** A port that knows how often it may still be asked. */
export interface CountedData extends ReportData {
  /** Calls that are left. */
  callsLeft(): number;
}

/** The port for one question. */
export function countingData(data: ReportData): CountedData {
  let calls = 0;
  const counted =
    <Request, Answer>(ask: (request: Request) => Promise<Answer>) =>
    (request: Request): Promise<Answer> => {
      calls += 1;
      return ask(request);
    };
  return {
    retrieve: counted(data.retrieve),
    aggregate: counted(data.aggregate),
    series: counted(data.series),
    spatial: counted(data.spatial),
    values: counted(data.values),
    clusters: counted(data.clusters),
    lookup: counted(data.lookup),
    callsLeft: () => callsMax - calls,
  };
}
