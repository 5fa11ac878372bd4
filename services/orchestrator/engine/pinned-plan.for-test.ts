// The registry's plans for tests: graphs of nodes with parents, everything else as usual.
import { createHash } from 'node:crypto';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { PlaybookSettingsSchema } from '../../../proto/gen/domainflow/registry/v1/domain_pb.js';
import { type Plan, PlanNodeSchema, PlanSchema } from '../../../proto/gen/domainflow/registry/v1/plan_pb.js';

/** Each node names its parents. */
export type Graph = Readonly<Record<string, readonly string[]>>;

/** A plan of these nodes, in plan order, as the registry resolves it. */
export function planMessageOf(
  graph: Graph,
  settings: MessageInitShape<typeof PlaybookSettingsSchema> = {},
): Plan {
  const nodes = Object.entries(graph).map(([nodeId, parents]) => ({
    nodeId,
    parents: [...parents],
    kind: {
      case: 'agent' as const,
      value: {
        agentId: nodeId,
        agentName: `${nodeId} Agent`,
        version: 1,
        outputSchema: { answer: { type: 'string' } },
      },
    },
  }));
  const hash = createHash('sha256')
    .update(JSON.stringify([graph, settings]))
    .digest('hex');
  return create(PlanSchema, { domainId: 'city', domainVersion: 1, nodes, settings, hash });
}

/** A plan of `draft`, an approval `ask` of it that decides itself after so many seconds, and `send` after that. */
export function approvalPlan(timeoutS: number): Plan {
  const plan = planMessageOf({ draft: [], send: ['ask'] });
  const [draft, send] = plan.nodes;
  if (!draft || !send) throw new Error('a plan without nodes');
  const kind = { case: 'approval' as const, value: { prompt: 'Go on?', roles: ['editor'], timeoutS } };
  const ask = create(PlanNodeSchema, { nodeId: 'ask', parents: ['draft'], kind });
  return {
    ...plan,
    hash: createHash('sha256').update(`approval ${timeoutS}`).digest('hex'),
    nodes: [draft, ask, send],
  };
}
