// Domains and their playbooks as the API shows them.
import type { Principal } from '../../foundation/identity/principal.ts';
import {
  ApplyMode,
  type ApprovalNode,
  type Domain,
  FailurePolicy,
  type Playbook,
  type PlaybookNode,
  type PlaybookSettings,
  TimeoutDecision,
} from '../../proto/gen/domainflow/registry/v1/domain_pb.js';
import { enumWord } from './enum-words.ts';
import { timeJson } from './time-json.ts';

/** The fields of a domain in a list. */
export function domainRow(domain: Domain, { userId }: Principal): object {
  return {
    domain_id: domain.domainId,
    domain_name: domain.domainName,
    description: domain.description || null,
    id: domain.id,
    created_at: timeJson(domain.createdAt),
    created_by_me: domain.createdBy === userId,
  };
}

/** What the creation of a domain answers. */
export function createdDomainJson(domain: Domain): object {
  return {
    domain_id: domain.domainId,
    domain_name: domain.domainName,
    version: domain.version,
    id: domain.id,
    created_at: timeJson(domain.createdAt),
    updated_at: timeJson(domain.updatedAt),
    created_by: domain.createdBy,
  };
}

/** The whole domain with its three playbooks. */
export function domainJson(domain: Domain, principal: Principal): object {
  return {
    ...domainRow(domain, principal),
    tenant_id: domain.tenantId,
    ingestion_playbook: playbookJson(domain.ingestionPlaybook),
    query_playbook: playbookJson(domain.queryPlaybook),
    management_playbook: playbookJson(domain.managementPlaybook),
    version: domain.version,
    updated_at: timeJson(domain.updatedAt),
    created_by: domain.createdBy,
  };
}

function playbookJson(playbook: Playbook | undefined): object | null {
  if (!playbook) return null;
  const { nodes, edges, settings } = playbook;
  return {
    agent_execution_graph: {
      nodes: nodes.map(nodeJson),
      edges: edges.map(({ from, to }) => ({ from, to })),
    },
    settings: settings ? settingsJson(settings) : {},
  };
}

function nodeJson({ kind }: PlaybookNode): unknown {
  return kind.case === 'approval' ? approvalJson(kind.value) : (kind.value ?? null);
}

function approvalJson({ id, prompt, roles, timeoutS, onTimeout }: ApprovalNode): object {
  const decision = enumWord(TimeoutDecision, onTimeout);
  return {
    id,
    kind: 'approval',
    prompt,
    ...(roles.length > 0 ? { roles } : {}),
    ...(timeoutS > 0 ? { timeout_s: timeoutS } : {}),
    ...(decision ? { on_timeout: decision } : {}),
  };
}

// Only what was set; what is absent has the platform's default.
function settingsJson(settings: PlaybookSettings): object {
  const given = {
    failure_policy: enumWord(FailurePolicy, settings.failurePolicy),
    max_retries: settings.maxRetries,
    attempt_timeout_s: settings.attemptTimeoutS,
    total_timeout_s: settings.totalTimeoutS,
    execution_timeout_s: settings.executionTimeoutS,
    apply: enumWord(ApplyMode, settings.apply),
    category_model: settings.categoryModel || null,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value != null));
}
