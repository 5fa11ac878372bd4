// What the audit list is narrowed to, over two services: which words there are, and whose entries they can match. A value that can never
// match is a mistake of the caller and is named.
import type { Violation } from '../../foundation/fault/fault.ts';
import { isUuid } from '../../foundation/ids/ids.ts';
import { instantOf } from '../../foundation/json/instant.ts';

/** The words of each service that writes audit entries; those of its contract. */
export const auditWords = {
  registry: {
    operationTypes: ['create', 'update', 'delete', 'rollback', 'grant', 'revoke'],
    entityTypes: [
      ...['agent', 'domain', 'tool', 'tool_access', 'team', 'user'],
      ...['api_key', 'tenant', 'tenant_settings', 'golden_set', 'circuit_breaker'],
    ],
  },
  orchestrator: {
    operationTypes: [
      ...['execution_start', 'execution_rerun', 'execution_cancel', 'execution_pause', 'execution_resume'],
      ...['approval_approve', 'approval_reject', 'delete', 'gate_start', 'gate_cancel'],
      ...['agent_registration', 'agent_update', 'agent_removal', 'bulk_agent_operation'],
      ...['task_creation', 'task_assignment', 'task_execution', 'task_cancellation'],
      ...['workflow_creation', 'workflow_execution', 'workflow_cancellation'],
    ],
    entityTypes: [
      ...['execution', 'approval', 'report', 'query', 'session', 'gate', 'worker', 'task', 'workflow'],
    ],
  },
} as const satisfies Record<string, Readonly<Record<'operationTypes' | 'entityTypes', readonly string[]>>>;

/** A service that writes audit entries. */
export type AuditSource = keyof typeof auditWords;

/** Services whose entries make the list. */
export const auditSources: readonly AuditSource[] = ['registry', 'orchestrator'];

/** How what was asked ended. */
export const auditStatuses = ['success', 'failure', 'partial'];

/** Filters as they came; times are known to be times. */
export interface AuditQuery {
  readonly operation_type?: string;
  readonly entity_type?: string;
  readonly entity_id?: string;
  readonly status?: string;
  readonly user_id?: string;
  readonly from?: string;
  readonly to?: string;
}

/** What is wrong with filters, everything at once. */
export function auditQueryProblems(query: AuditQuery): readonly Violation[] {
  const { user_id: userId, from, to } = query;
  const isReversed = from !== undefined && to !== undefined && instantOf(from) >= instantOf(to);
  return [
    ...notOneOf('operation_type', query.operation_type, auditWordsOf('operationTypes')),
    ...notOneOf('entity_type', query.entity_type, auditWordsOf('entityTypes')),
    ...notOneOf('status', query.status, auditStatuses),
    ...(userId === undefined || isUuid(userId)
      ? []
      : [{ field: 'user_id', reason: 'must be the UUID of a user' }]),
    ...(isReversed ? [{ field: 'to', reason: 'must be later than from' }] : []),
  ];
}

/** Services that can have entries of these words. */
export function sourcesOf({ operation_type: operation, entity_type: entity }: AuditQuery): AuditSource[] {
  const has = (words: readonly string[], word: string | undefined) =>
    word === undefined || words.includes(word);
  return auditSources.filter((source) => {
    const { operationTypes, entityTypes } = auditWords[source];
    return has(operationTypes, operation) && has(entityTypes, entity);
  });
}

/** All words of a kind, each once. */
export function auditWordsOf(kind: 'operationTypes' | 'entityTypes'): readonly string[] {
  return [...new Set(auditSources.flatMap((source): readonly string[] => auditWords[source][kind]))];
}

function notOneOf(field: string, word: string | undefined, words: readonly string[]): Violation[] {
  if (word === undefined || words.includes(word)) return [];
  return [{ field, reason: `must be one of ${words.join(', ')}` }];
}
