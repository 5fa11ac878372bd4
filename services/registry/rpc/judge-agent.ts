// Judges a version of an agent by what is stored: the agents, tools and saved playbooks around it. The same for a save and a dry run.
import type { Clock } from '../../../foundation/clock.ts';
import type { Violation } from '../../../foundation/fault/fault.ts';
import { takeTurns } from '../../../foundation/process/take-turns.ts';
import type { Agent } from '../core/agent.ts';
import type { AgentRead, AgentRules } from '../core/agent-document.ts';
import type { DefinitionWarning } from '../core/definition-warning.ts';
import { dependencyProblems } from '../core/dependency-rules.ts';
import { agentsJudgedMax, judgeSavedPlaybooks } from '../core/saved-playbooks.ts';
import type { DefinitionFacts, DefinitionStore } from '../store/store.ts';

/** What RPCs that write agents are made of. */
export interface AgentWriting {
  readonly store: DefinitionStore;
  readonly rules: AgentRules;
  readonly clock: Clock;
}

/** A version to judge. */
export interface AgentToJudge {
  /** What the caller wrote; lists that it does not give are not judged anew. */
  readonly read: AgentRead;
  /** The version that would be stored. */
  readonly after: Agent;
  /** The version that it would follow; absent for a new agent, which nothing can need yet. */
  readonly before?: Agent;
}

/** Every violated rule, those of the document first, and what is probably not meant. */
export interface AgentVerdict {
  readonly problems: readonly Violation[];
  readonly warnings: readonly DefinitionWarning[];
}

/** The verdict, in a number of statements that does not grow with what is judged. */
export async function judgeAgent(
  facts: DefinitionFacts,
  { read, after, before }: AgentToJudge,
  { limits }: AgentRules,
): Promise<AgentVerdict> {
  const tools = read.tools ?? [];
  const dependencies = read.dependencies ?? [];
  const [knownTools, known, domains] = await Promise.all([
    tools.length > 0 ? facts.knownTools(tools.map(({ name }) => name)) : new Set(),
    facts.dependencyGraph(dependencies.map(({ name }) => name)),
    before ? facts.domainsNeeding(before.agentId) : [],
  ]);
  const listed = domains.flatMap(({ playbooks }) => Object.values(playbooks).flatMap(({ nodes }) => nodes));
  const needed = new Set(listed.filter(({ kind }) => kind === 'agent').map(({ id }) => id));
  for (const id of domains.length > 0 ? after.agentDependencies : []) needed.add(id);
  const agents = await facts.agentsWithDependencies([...needed], agentsJudgedMax);
  const ofDependencies = dependencyProblems({ agentId: after.agentId, dependencies, known });
  const isRewired = before !== undefined && !isSameList(before.agentDependencies, after.agentDependencies);
  const saved = await takeTurns(judgeSavedPlaybooks({ domains, agents, after, isRewired, limits }));
  const ofPlaybooks = isRewired && ofDependencies.length === 0 ? saved.problems : [];
  const ofTools = tools
    .filter(({ name }) => !knownTools.has(name))
    .map(({ field }) => ({ field, reason: 'there is no such tool; name one of the list of tools' }));
  return {
    problems: [...read.problems, ...ofTools, ...ofDependencies, ...ofPlaybooks],
    warnings: saved.warnings,
  };
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((item, at) => item === other[at]);
}
