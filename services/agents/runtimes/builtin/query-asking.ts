// Asks what a skill wants to know, of each search of its question, and puts the results together. Where the reports read hold the answer,
// nothing is asked.

import { groupReports } from '../../core/query/groups.ts';
import { seriesOf } from '../../core/query/local-series.ts';
import { pointsOf } from '../../core/query/map-data.ts';
import {
  mergeAggregates,
  mergeClusters,
  mergeRetrieved,
  mergeSeries,
  mergeSpatial,
} from '../../core/query/merge.ts';
import type { DataRequest, DataRequests, DataResults } from '../../core/query/query-skill.ts';
import type { FoundReport } from '../../core/report-data.ts';
import type { CountedData } from './query-calls.ts';

/** What there is to ask. */
export interface Asking {
  readonly data: CountedData;
  /** Every report that matches; absent where not all were read. */
  readonly local: readonly FoundReport[] | undefined;
  /** Whether the port can be asked for more; not for reports that no search describes. */
  readonly isPort: boolean;
}

type Result = DataResults[DataRequest['ask']];

/** The results by name. Of what is too much for the calls that are left, the last names of a plan are left out. */
export async function askAll(
  plans: readonly DataRequests[],
  asking: Asking,
): Promise<Readonly<Record<string, Result | undefined>>> {
  const [first = {}] = plans;
  const names = Object.keys(first).filter((name) => plans.some((plan) => plan[name] !== undefined));
  let left = asking.isPort ? asking.data.callsLeft() : 0;
  const results = await Promise.all(
    names.map(async (name): Promise<readonly [string, Result | undefined]> => {
      const requests = plans.flatMap((plan) => plan[name] ?? []);
      const [known] = requests;
      const held = known === undefined ? undefined : answeredBy(asking.local, known);
      if (held !== undefined) return [name, held];
      if (left < requests.length) return [name, undefined];
      left -= requests.length;
      return [name, merged(await Promise.all(requests.map((request) => askPort(request, asking.data))))];
    }),
  );
  return Object.fromEntries(results);
}

interface Answered {
  readonly asked: DataRequest;
  readonly result: Result;
}

/** The result from all reports of the match; undefined for what they do not hold: other texts and reporters. */
function answeredBy(reports: readonly FoundReport[] | undefined, asked: DataRequest): Result | undefined {
  if (reports === undefined) return undefined;
  if (asked.ask === 'series') return seriesOf(reports, asked.request);
  if (asked.ask === 'spatial') return pointsOf(reports, asked.request.limit);
  if (asked.ask !== 'aggregate') return undefined;
  return asked.request.group_by === 'created_by' ? undefined : groupReports(reports, asked.request);
}

async function askPort(asked: DataRequest, data: CountedData): Promise<Answered> {
  switch (asked.ask) {
    case 'retrieve':
      return { asked, result: await data.retrieve(asked.request) };
    case 'series':
      return { asked, result: await data.series(asked.request) };
    case 'spatial':
      return { asked, result: await data.spatial(asked.request) };
    case 'clusters':
      return { asked, result: await data.clusters(asked.request) };
    case 'aggregate': {
      // What is beyond the limit comes summed up as a last group, which is no value.
      const { total, groups } = await data.aggregate(asked.request);
      return { asked, result: { total, groups: groups.slice(0, asked.request.limit) } };
    }
  }
}

function merged(answers: readonly Answered[]): Result | undefined {
  const [first] = answers;
  if (first === undefined) return undefined;
  const results = answers.map(({ result }) => result);
  switch (first.asked.ask) {
    case 'retrieve':
      return mergeRetrieved(results as DataResults['retrieve'][]);
    case 'aggregate':
      return mergeAggregates(results as DataResults['aggregate'][]);
    case 'series':
      return mergeSeries(results as DataResults['series'][], first.asked.request);
    case 'spatial':
      return mergeSpatial(results as DataResults['spatial'][]);
    case 'clusters':
      return mergeClusters(results as DataResults['clusters'][]);
  }
}
