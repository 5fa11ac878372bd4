// Plans of the core as messages.
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  type Plan as PlanMessage,
  type PlanNodeSchema,
  PlanSchema,
} from '../../../proto/gen/domainflow/registry/v1/plan_pb.js';
import type { Plan, PlanNode } from '../core/plan.ts';
import { agentClassMessage, agentMessage } from './agent-wire.ts';
import { approvalMessage, playbookSettingsMessage } from './domain-wire.ts';

/** A plan as it is sent. */
export function planMessage({ domainId, domainVersion, playbook, nodes, settings, hash }: Plan): PlanMessage {
  return create(PlanSchema, {
    domainId,
    domainVersion,
    playbook: agentClassMessage(playbook),
    nodes: nodes.map(nodeMessage),
    settings: playbookSettingsMessage(settings),
    hash,
  });
}

type NodeMessage = MessageInitShape<typeof PlanNodeSchema>;

function nodeMessage(node: PlanNode): NodeMessage {
  const { nodeId, implicit, parents } = node;
  return { nodeId, implicit, parents: [...parents], kind: kindMessage(node) };
}

function kindMessage({ work }: PlanNode): NodeMessage['kind'] {
  switch (work.kind) {
    case 'agent':
      return { case: 'agent', value: agentMessage(work.agent) };
    case 'approval':
      return { case: 'approval', value: approvalMessage(work.approval) };
    case 'unavailable':
      return { case: 'unavailable', value: { agentId: work.agentId, errorCode: work.errorCode } };
  }
}
