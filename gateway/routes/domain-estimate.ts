// /domains/{id}/estimate: what runs of a playbook are likely to call, use, cost and take. It starts nothing.
import type { FastifyInstance } from 'fastify';
import { invalidArgument } from '../../foundation/fault/fault.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../foundation/json/json.ts';
import { AgentClass } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { named } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { objectSchema, textSchema } from '../http/schema-parts.ts';
import { sentDocument } from './definition-request.ts';
import { domainPath } from './domain-schema.ts';
import { enumValue, enumWords } from './enum-words.ts';
import { estimateJson } from './estimate-json.ts';
import { estimateBodyExamples, estimatedPlaybookSchema, estimateExample } from './estimate-schema.ts';
import { carryTimeoutMs, meshCall } from './mesh-call.ts';
import { pathId } from './path-id.ts';

interface EstimateBody {
  /** Word of a playbook, or the definition of one with its word as `type`. */
  readonly playbook: JsonValue;
  readonly sample?: readonly string[];
  readonly count?: number;
}

const amountParts = {
  sample: {
    ...{ type: 'array', minItems: 1, maxItems: 100, items: textSchema(1, 10_000) },
    title: 'Texts or questions, a run for each; questions and commands of at most 1,000 characters',
  },
  count: { type: 'integer', minimum: 1, maximum: 1_000_000, title: 'Runs; either this or a sample' },
};
const bodySchema = objectSchema({ playbook: {}, ...amountParts }, ['playbook']);
const toldBody = objectSchema({ playbook: estimatedPlaybookSchema, ...amountParts }, ['playbook']);

const operation: Operation = {
  ...{
    id: 'estimatePlaybook',
    tag: 'Domains',
    summary: 'What runs of a playbook are likely to use, cost and take',
  },
  description:
    'From what was recorded, or else from prompts, limits and prices. It starts nothing; the same request over the same records has the same answer.',
  params: domainPath,
  ...{ body: bodySchema, toldBody, bodyExamples: estimateBodyExamples },
  answers: { 200: { description: 'The estimate', schema: named('Estimate'), example: estimateExample } },
  refusals: {
    400: 'count: is needed where there is no sample, and not allowed beside one',
    404: 'No such domain',
    409: 'circular dependency: agent-1 -> agent-2 -> agent-1',
  },
};

/** Registers the route of estimates. */
export function domainEstimateRoutes(app: FastifyInstance, { estimates }: MeshClients): void {
  app.post<{ Body: EstimateBody }>(
    '/domains/:domain_id/estimate',
    { config: { role: 'editor', permission: 'domains:read' }, schema: routeSchema(operation) },
    async (request) => {
      const domainId = pathId(request, 'domain_id', 'domain');
      sentDocument(request);
      const { playbook, sample = [], count = 0 } = request.body;
      const wanted = { domainId, ...wantedPlaybook(playbook), sample: [...sample], count };
      const estimate = await estimates.estimatePlaybook(wanted, meshCall(request, carryTimeoutMs));
      return { domain_id: domainId, ...estimateJson(estimate) };
    },
  );
}

const words = enumWords(AgentClass);

function wantedPlaybook(given: JsonValue): {
  readonly playbook: AgentClass;
  readonly definition?: JsonObject;
} {
  if (typeof given === 'string' && words.includes(given)) return { playbook: enumValue(AgentClass, given) };
  if (isJsonObject(given)) {
    const { type, ...definition } = given;
    if (typeof type === 'string' && words.includes(type)) {
      return { playbook: enumValue(AgentClass, type), definition };
    }
    throw invalidArgument([{ field: 'playbook.type', reason: `must be one of ${words.join(', ')}` }]);
  }
  const reason = `must be one of ${words.join(', ')}, or a playbook with one of them as its type`;
  throw invalidArgument([{ field: 'playbook', reason }]);
}
