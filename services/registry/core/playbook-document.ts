// Playbooks as JSON documents: `{agent_execution_graph: {nodes, edges}, settings}`, an agent being its bare id among the nodes. This is
// the form in which they are stored, compared and hashed; reading what a caller wrote is the business of `playbook-form.ts`.
import { type JsonObject, type JsonValue, withoutAbsent } from '../../../foundation/json/json.ts';
import type { ApprovalNode, Playbook, PlaybookSettings } from './playbook.ts';

/** The document of a playbook. What was not given is absent, so that a platform default stays one. */
export function playbookDocument({ nodes, edges, settings }: Playbook): JsonObject {
  return {
    agent_execution_graph: {
      nodes: nodes.map((node): JsonValue => (node.kind === 'agent' ? node.id : approvalDocument(node))),
      edges: edges.map(({ from, to }) => ({ from, to })),
    },
    settings: settingsDocument(settings),
  };
}

function approvalDocument({ id, kind, prompt, roles, timeoutS, onTimeout }: ApprovalNode): JsonObject {
  return withoutAbsent({
    id,
    kind,
    prompt,
    roles: roles.length > 0 ? [...roles] : undefined,
    timeout_s: timeoutS,
    on_timeout: onTimeout,
  });
}

function settingsDocument(settings: PlaybookSettings): JsonObject {
  return withoutAbsent({
    failure_policy: settings.failurePolicy,
    max_retries: settings.maxRetries,
    attempt_timeout_s: settings.attemptTimeoutS,
    total_timeout_s: settings.totalTimeoutS,
    execution_timeout_s: settings.executionTimeoutS,
    apply: settings.apply,
    category_model: settings.categoryModel,
  });
}
