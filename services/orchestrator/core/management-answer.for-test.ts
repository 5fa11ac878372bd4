// Answers of management agents for tests: everything that a test does not name is usual.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { ManagementAnswer } from './management-wish.ts';
import type { VerifiedReference } from './verified-reference.ts';

/** The agents whose outputs have a meaning of their own, and one more. */
export const agents = {
  assigner: ['builtin-management-task-assigner', 'Task Assigner'],
  status: ['builtin-management-status-updater', 'Status Updater'],
  details: ['builtin-management-task-details-editor', 'Task Details Editor'],
  other: ['agent-0192f1a0b2c37d4e8f90123456789abc', 'Risk Agent'],
} as const;

/** An answer of one of them. */
export function answered(
  agent: keyof typeof agents,
  output: JsonObject,
  references: readonly string[] = [],
): ManagementAnswer {
  const [agentId, agentName] = agents[agent];
  const answer = {
    output,
    reasoning: 'As asked',
    confidence: 0.9,
    references,
    spans: {},
    runtime: 'builtin',
  };
  return { agentId, agentName, agentVersion: 1, answer };
}

/** The `inc_` id of a number. */
export function incident(nth: number): string {
  return `inc_${nth.toString(16).padStart(12, '0')}7000800000000000000${'0'}`;
}

/** Reports that exist, by id. */
export function existing(ids: readonly string[]): Map<string, VerifiedReference> {
  return new Map(
    ids.map((id, at) => {
      const location = { longitude: -71 + at / 100, latitude: 42 };
      return [id, { referenceId: id, summary: `report ${at}`, status: 'completed', location }];
    }),
  );
}
