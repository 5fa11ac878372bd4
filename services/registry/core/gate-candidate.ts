// What a gate is asked to compare: one of four forms of a candidate. Whether what it names exists, and keeps the rules, is judged elsewhere.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { readDocument } from '../../../foundation/json/document.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';

/** A candidate. */
export type GateCandidate =
  /** A new version of the domain's playbook of the set's type. */
  | { readonly kind: 'playbook'; readonly playbook: JsonObject }
  /** What UpdateAgent would be given. */
  | { readonly kind: 'agent'; readonly agentId: string; readonly definition: JsonObject }
  /** A stored version of an agent, as RollbackAgent would bring it back. */
  | { readonly kind: 'agent_version'; readonly agentId: string; readonly version: number }
  /** A stored version of the domain, as RollbackDomain would bring it back. */
  | { readonly kind: 'domain_version'; readonly version: number };

const forms = ['playbook', 'agent', 'agent_id', 'version'] as const;
const idLength = { min: 1, max: 100 };
const versions = { min: 1, max: 999_999_999 };

/** The candidate, or everything that is wrong with its form. */
export function readGateCandidate(
  given: JsonObject,
): GateCandidate | { readonly problems: readonly Violation[] } {
  const problems: Violation[] = [];
  const document = readDocument(given, problems, 'candidate');
  const named = forms.filter((form) => document.has(form)).join(' ');
  const version = document.integer('version', versions);
  const agentId = document.text('agent_id', idLength);
  const playbook = document.object('playbook');
  const agent = document.object('agent');
  const inside = agent && readDocument(agent, problems, 'candidate.agent');
  inside?.require('agent_id');
  const ofAgent = inside?.text('agent_id', idLength);
  if (problems.length > 0) return { problems };
  if (named === 'playbook' && playbook) return { kind: 'playbook', playbook };
  if (named === 'agent' && agent && ofAgent !== undefined) {
    const { agent_id: _, ...definition } = agent;
    return { kind: 'agent', agentId: ofAgent, definition };
  }
  if (version !== undefined && named === 'version') return { kind: 'domain_version', version };
  if (version !== undefined && named === 'agent_id version' && agentId !== undefined) {
    return { kind: 'agent_version', agentId, version };
  }
  const reason = 'must be one of {playbook}, {agent: {agent_id, …}}, {agent_id, version} and {version}';
  return { problems: [{ field: 'candidate', reason }] };
}
