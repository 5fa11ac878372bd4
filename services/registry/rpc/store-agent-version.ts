// Stores the next version of an agent if it keeps all rules: the end of every change of an agent.

import { refuseProblems } from '../../../foundation/json/document.ts';
import type { Agent } from '../core/agent.ts';
import type { AgentRead } from '../core/agent-document.ts';
import { agentRecord, nextVersion } from '../core/agent-version.ts';
import type { DefinitionFacts, DefinitionWrites } from '../store/store.ts';
import { graphMessages } from './agent-graph.ts';
import { agentMessage } from './agent-wire.ts';
import { warningMessages } from './definition-wire.ts';
import { type AgentWriting, judgeAgent } from './judge-agent.ts';
import { requireGatesOfAgent } from './require-gate.ts';

/** A change of an agent. */
export interface AgentChange {
  readonly operation: 'update' | 'rollback';
  /** The newest version. */
  readonly before: Agent;
  readonly read: AgentRead;
}

/** The version as stored, with warnings and its graph, as it is sent. */
export type StoredAgentVersion = ReturnType<typeof graphMessages> & {
  readonly agent: ReturnType<typeof agentMessage>;
  readonly warnings: ReturnType<typeof warningMessages>;
};

/**
 * Stores the version. Fault `invalid_argument` with every violated rule; `failed_precondition` with every golden set that is required and was
 * not passed.
 */
export async function storeAgentVersion(
  change: DefinitionFacts & DefinitionWrites,
  { operation, before, read }: AgentChange,
  { rules, clock }: AgentWriting,
): Promise<StoredAgentVersion> {
  const after = nextVersion(before, read.content, new Date(clock()));
  const { problems, warnings } = await judgeAgent(change, { read, after, before }, rules);
  refuseProblems(problems);
  await requireGatesOfAgent(change, after, rules.limits);
  await change.insertAgentVersion(after, agentRecord(operation, { before, after }));
  const graph = graphMessages(after, await change.dependencyGraph(after.agentDependencies));
  return { agent: agentMessage(after), warnings: warningMessages(warnings), ...graph };
}
