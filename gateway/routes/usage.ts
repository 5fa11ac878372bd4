// /usage: what models were called for, and what that cost, from the registry's ledger.
import type { FastifyInstance } from 'fastify';
import type { UsageGroup } from '../../proto/gen/domainflow/registry/v1/usage_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { named } from '../core/answer-schema.ts';
import { moneyJson } from '../core/money-text.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { instantSchema, objectSchema } from '../http/schema-parts.ts';
import { meshCall } from './mesh-call.ts';
import { timeJson } from './time-json.ts';
import { type TimeRangeQuery, timeRange } from './time-range.ts';
import { groupingWords, usageExample } from './usage-schema.ts';

interface UsageQuery extends TimeRangeQuery {
  readonly group_by?: keyof typeof groupingWords;
}

const querySchema = objectSchema({
  from: instantSchema,
  to: instantSchema,
  group_by: {
    type: 'string',
    enum: Object.keys(groupingWords),
    description: 'What the calls are summed up by; `agent` unless given',
  },
});

const operation = {
  ...{ id: 'getUsage', tag: 'Tenant', summary: 'What models were called for, and what that cost' },
  description: `Without \`from\` it begins with the month that \`to\` lies in, by the tenant's time zone; without \`to\` it ends now. It spans at
most 400 days.`,
  querystring: querySchema,
  answers: { 200: { description: 'Sums of the ledger', schema: named('Usage'), example: usageExample } },
} satisfies Operation;

/** Registers the route of usage. Without times it is that of the present month, without `group_by` that of agents. */
export function usageRoutes(app: FastifyInstance, { usage }: MeshClients): void {
  app.get<{ Querystring: UsageQuery }>(
    '/usage',
    { config: { role: 'viewer', permission: 'usage:read' }, schema: routeSchema(operation) },
    async (request) => {
      const { group_by: word = 'agent' } = request.query;
      const wanted = { ...timeRange(request.query), groupBy: groupingWords[word] };
      const { from, to, groups, totals } = await usage.getUsage(wanted, meshCall(request));
      const times = { from: timeJson(from), to: timeJson(to) };
      return {
        ...times,
        group_by: word,
        groups: groups.map((group) => ({ key: group.key, ...sumJson(group) })),
        totals: totals.map(sumJson),
      };
    },
  );
}

function sumJson(group: UsageGroup): object {
  return {
    calls: Number(group.calls),
    uncertain_calls: Number(group.uncertainCalls),
    estimated_calls: Number(group.estimatedCalls),
    input_tokens: Number(group.inputTokens),
    output_tokens: Number(group.outputTokens),
    money: moneyJson(group.money),
    currency: group.currency || null,
  };
}
