// Domains and playbooks of the core as messages.
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  ApplyMode,
  type ApprovalNode as ApprovalMessage,
  ApprovalNodeSchema,
  type Domain as DomainMessage,
  DomainSchema,
  FailurePolicy,
  type Playbook as PlaybookMessage,
  type PlaybookNodeSchema,
  PlaybookSchema,
  type PlaybookSettings as PlaybookSettingsMessage,
  PlaybookSettingsSchema,
  TimeoutDecision,
} from '../../../proto/gen/domainflow/registry/v1/domain_pb.js';
import type { Domain } from '../core/domain.ts';
import type { ApprovalNode, Playbook, PlaybookNode, PlaybookSettings } from '../core/playbook.ts';

const policyMessages = { fail_fast: FailurePolicy.FAIL_FAST, continue: FailurePolicy.CONTINUE };
const applyMessages = { auto: ApplyMode.AUTO, review: ApplyMode.REVIEW };
const decisionMessages = { reject: TimeoutDecision.REJECT, approve: TimeoutDecision.APPROVE };

/** A domain as it is sent. */
export function domainMessage({ playbooks, ...domain }: Domain): DomainMessage {
  return create(DomainSchema, {
    ...domain,
    ingestionPlaybook: playbookMessage(playbooks.ingestion),
    queryPlaybook: playbookMessage(playbooks.query),
    managementPlaybook: playbookMessage(playbooks.management),
    createdAt: timestampFromDate(domain.createdAt),
    updatedAt: timestampFromDate(domain.updatedAt),
  });
}

/** An approval as it is sent. */
export function approvalMessage({ id, prompt, roles, timeoutS, onTimeout }: ApprovalNode): ApprovalMessage {
  const decision = decisionMessages[onTimeout];
  return create(ApprovalNodeSchema, {
    id,
    prompt,
    roles: [...roles],
    timeoutS: timeoutS ?? 0,
    onTimeout: decision,
  });
}

/** Settings of a playbook as they are sent. */
export function playbookSettingsMessage(settings: PlaybookSettings): PlaybookSettingsMessage {
  const { failurePolicy, apply, ...limits } = settings;
  return create(PlaybookSettingsSchema, {
    ...limits,
    failurePolicy: failurePolicy && policyMessages[failurePolicy],
    apply: apply && applyMessages[apply],
  });
}

function playbookMessage({ nodes, edges, settings }: Playbook): PlaybookMessage {
  return create(PlaybookSchema, {
    nodes: nodes.map(nodeMessage),
    edges: edges.map(({ from, to }) => ({ from, to })),
    settings: playbookSettingsMessage(settings),
  });
}

function nodeMessage(node: PlaybookNode): MessageInitShape<typeof PlaybookNodeSchema> {
  return node.kind === 'agent'
    ? { kind: { case: 'agentId', value: node.id } }
    : { kind: { case: 'approval', value: approvalMessage(node) } };
}
