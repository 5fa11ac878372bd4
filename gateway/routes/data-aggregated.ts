// /data/aggregated: how many reports of a domain have which value, or came in which span of time.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { invalidArgument } from '../../foundation/fault/fault.ts';
import { TimeBucket } from '../../proto/gen/domainflow/reports/v1/index_entry_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { named } from '../core/answer-schema.ts';
import { type CountQuery, countProblems } from '../core/count-query.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { domainIdSchema, objectSchema } from '../http/schema-parts.ts';
import { groupsExample } from './data-schema.ts';
import { meshCall } from './mesh-call.ts';
import { timeJson } from './time-json.ts';

/** Most groups of one answer; the rest is summed under `other`. */
const groupsMax = 1_000;
const bucketWords = {
  hour: TimeBucket.HOUR,
  day: TimeBucket.DAY,
  week: TimeBucket.WEEK,
  month: TimeBucket.MONTH,
};

interface AggregateQuery extends CountQuery {
  readonly domain_id: string;
  readonly bucket?: keyof typeof bucketWords;
  readonly time?: 'created' | 'event';
}

const readConfig = { role: 'viewer', permission: 'data:read' } as const;
const aggregateSchema = objectSchema(
  {
    domain_id: domainIdSchema,
    group_by: {
      type: 'string',
      maxLength: 500,
      pattern: '^(?:status|source|created_by|(?:ingestion_data|management_data)\\.[^\\0]+)$',
      description: 'status, source, created_by, or a path under ingestion_data. or management_data.',
    },
    bucket: { type: 'string', enum: Object.keys(bucketWords), title: 'Counts by spans of this length' },
    time_zone: {
      ...{ type: 'string', format: 'time-zone', maxLength: 100 },
      title:
        'IANA name of the time zone whose calendar the spans follow; UTC unless given; beside `bucket` alone',
    },
    time: {
      ...{ type: 'string', enum: ['created', 'event'] },
      title:
        'When it was submitted, which is the default, or `ingestion_data.timestamp`; beside `bucket` alone',
    },
  },
  ['domain_id'],
);

const operation: Operation = {
  ...{
    id: 'countReports',
    tag: 'Data',
    summary: 'How many reports of a domain have which value, or came when',
  },
  description: `One of \`group_by\` and \`bucket\` is needed. Reports without a single value at the path, or without a time, are not counted.`,
  querystring: aggregateSchema,
  answers: {
    200: {
      description: 'Counts by group, or by span of time',
      schema: { anyOf: [named('GroupCounts'), named('TimeCounts')] },
      example: groupsExample,
    },
  },
  refusals: { 400: 'group_by: is required, unless bucket is given', 404: 'No such domain' },
};

/** Registers the route of counts. */
export function aggregateRoutes(app: FastifyInstance, clients: MeshClients): void {
  app.get<{ Querystring: AggregateQuery }>(
    '/data/aggregated',
    { config: readConfig, schema: routeSchema(operation) },
    async (request) => {
      const problems = countProblems(request.query);
      if (problems.length > 0) throw invalidArgument(problems);
      await clients.domains.getDomain({ domainId: request.query.domain_id }, meshCall(request));
      return request.query.bucket
        ? countsOverTime(clients, request, request.query)
        : countsByGroup(clients, request, request.query);
    },
  );
}

async function countsByGroup({ index }: MeshClients, request: FastifyRequest, query: AggregateQuery) {
  const { domain_id: domainId, group_by: groupBy = '' } = query;
  const wanted = { filter: { domainId }, groupBy, limit: groupsMax };
  const { groups, total } = await index.aggregate(wanted, meshCall(request));
  const aggregations = groups.map(({ key, count }) => ({ key, count: Number(count) }));
  return { aggregations, total: Number(total) };
}

async function countsOverTime({ index }: MeshClients, request: FastifyRequest, query: AggregateQuery) {
  const { domain_id: domainId, bucket: word, time_zone: timeZone = '', time } = query;
  const bucket = word ? bucketWords[word] : TimeBucket.UNSPECIFIED;
  const wanted = { filter: { domainId }, bucket, timeZone, byEventTime: time === 'event' };
  const { buckets, total } = await index.countOverTime(wanted, meshCall(request));
  return {
    buckets: buckets.map(({ start, count }) => ({ start: timeJson(start), count: Number(count) })),
    total: Number(total),
  };
}
