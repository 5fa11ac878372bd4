// The questions that the report index is measured by. Those with a promise must be answered within its time.

import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { CallOptions, Client } from '@connectrpc/connect';
import { TimeBucket } from '../proto/gen/domainflow/reports/v1/index_entry_pb.js';
import {
  AggregateRequest_Measure_Function,
  type IndexService,
} from '../proto/gen/domainflow/reports/v1/index_service_pb.js';
import type { ReportService } from '../proto/gen/domainflow/reports/v1/report_service_pb.js';

/** Who is asked. */
export interface QuestionClients {
  readonly index: Client<typeof IndexService>;
  readonly reports: Client<typeof ReportService>;
}

/** One question. */
export interface Question {
  readonly name: string;
  /** Whether a time is promised for it. */
  readonly promised: boolean;
  ask(clients: QuestionClients, options: CallOptions): Promise<unknown>;
}

const centre = { longitude: -71.0611, latitude: 42.3555 };
const from = timestampFromMs(Date.UTC(2026, 2, 1));

type Filter = NonNullable<Parameters<QuestionClients['index']['retrieve']>[0]['filter']>;

/** All questions about a domain. */
export function indexQuestions(domainId: string): readonly Question[] {
  return [...areas(domainId), ...aggregates(domainId), ...series(domainId), ...searches(domainId)];
}

function box(half: number): Filter {
  const { longitude, latitude } = centre;
  const value = {
    west: longitude - half,
    east: longitude + half,
    south: latitude - half,
    north: latitude + half,
  };
  return { area: { case: 'bounds', value } };
}

const circle = (radiusKm: number): Filter => ({ area: { case: 'circle', value: { centre, radiusKm } } });
const polygon: Filter = {
  area: {
    case: 'polygon',
    value: {
      points: [0, 1, 2, 3, 4].map((corner) => ({
        longitude: centre.longitude + 0.008 * Math.cos((corner * 2 * Math.PI) / 5),
        latitude: centre.latitude + 0.008 * Math.sin((corner * 2 * Math.PI) / 5),
      })),
    },
  },
};

function areas(domainId: string): readonly Question[] {
  const retrieve = (name: string, filter: Filter, promised = true): Question => ({
    name,
    promised,
    ask: ({ index }, options) => index.retrieve({ filter: { domainId, ...filter } }, options),
  });
  const cluster = (zoom: number, filter: Filter): Question => ({
    name: `clusters at zoom ${zoom}`,
    promised: false,
    ask: ({ index }, options) => index.clusterPoints({ filter: { domainId, ...filter }, zoom }, options),
  });
  return [
    retrieve('box, small', box(0.002)),
    retrieve('box, large', box(0.1)),
    retrieve('circle of 1 km', circle(1)),
    retrieve('polygon', polygon),
    cluster(10, {}),
    cluster(16, {}),
    cluster(16, box(0.01)),
    {
      name: 'places, first 1,000',
      promised: false,
      ask: ({ index }, options) => index.listPoints({ filter: { domainId }, limit: 1_000 }, options),
    },
  ];
}

function aggregates(domainId: string): readonly Question[] {
  const by = (groupBy: string, filter: Filter = {}, promised = true): Question => ({
    name: `count by ${groupBy}${Object.keys(filter).length > 0 ? ', filtered' : ''}`,
    promised,
    ask: ({ index }, options) => index.aggregate({ filter: { domainId, ...filter }, groupBy }, options),
  });
  const measure = { function: AggregateRequest_Measure_Function.AVG, path: 'ingestion_data.people_affected' };
  return [
    by('status'),
    by('ingestion_data.category'),
    by('ingestion_data.entities'),
    by('management_data.task_details.assignee_id'),
    by('ingestion_data.location_text', {}, false),
    by('ingestion_data.category', box(0.01)),
    by('ingestion_data.category', { status: 'closed' }, false),
    {
      name: 'mean by category, filtered',
      promised: false,
      ask: ({ index }, options) => {
        const filter = { domainId, ...box(0.01) };
        return index.aggregate({ filter, groupBy: 'ingestion_data.category', measure }, options);
      },
    },
  ];
}

function series(domainId: string): readonly Question[] {
  const zones = ['UTC', 'America/New_York', 'Asia/Kathmandu'];
  const spans = {
    hour: TimeBucket.HOUR,
    day: TimeBucket.DAY,
    week: TimeBucket.WEEK,
    month: TimeBucket.MONTH,
  };
  const of = (name: string, bucket: TimeBucket, timeZone: string, byEventTime: boolean): Question => ({
    name: `${name}s in ${timeZone}${byEventTime ? ' by event' : ''}`,
    // The hours of a year are 8,760 answers.
    promised: bucket !== TimeBucket.HOUR,
    ask: ({ index }, options) =>
      index.countOverTime({ filter: { domainId }, bucket, timeZone, byEventTime }, options),
  });
  return Object.entries(spans)
    .flatMap(([name, bucket]) => zones.map((zone) => of(name, bucket, zone, false)))
    .concat(of('day', TimeBucket.DAY, 'America/New_York', true));
}

function searches(domainId: string): readonly Question[] {
  const search = (name: string, filter: Filter, snippets = false): Question => ({
    name,
    promised: true,
    ask: ({ index }, options) => index.retrieve({ filter: { domainId, ...filter }, snippets }, options),
  });
  const match = {
    path: 'ingestion_data.category',
    value: { kind: { case: 'stringValue' as const, value: 'snow' } },
  };
  return [
    search('newest', {}),
    search('rare word', { text: 'wolverine' }),
    search('common word', { text: 'street' }),
    search('common word with snippets', { text: 'street' }, true),
    search('word of a fifth', { text: 'danger' }),
    search('two words', { text: 'street danger' }),
    search('word, place and time', { text: 'street', from, ...circle(2) }),
    search('value of a key', { matches: [match] }),
    {
      name: 'list, first page with total',
      promised: true,
      ask: ({ reports }, options) => reports.listReports({ domainId }, options),
    },
    {
      name: 'list since a day',
      promised: false,
      ask: ({ reports }, options) => reports.listReports({ domainId, from }, options),
    },
  ];
}
