// What the new version of an agent does to playbooks that are saved (SPEC V5 and S4.8): which of them it would keep from having a plan,
// and what is probably not meant in the others.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { violationsMax } from '../../../foundation/json/document.ts';
import { type Agent, type AgentClass, agentClasses } from './agent.ts';
import type { DefinitionWarning } from './definition-warning.ts';
import type { Domain } from './domain.ts';
import type { DefinitionLimits } from './limits.ts';
import { judgePlan } from './plan.ts';
import { planWarnings, rememberedKeys } from './plan-warnings.ts';

/** The most domains that a change of dependencies is judged by. */
export const domainsJudgedMax = 1_000;

/** The most agents of those domains. */
export const agentsJudgedMax = 5_000;

/** The most warnings of one save. */
export const agentWarningsMax = 100;

/** A new version and what needs it. */
export interface SavedPlaybooks {
  /** Newest versions of the domains that need the agent. */
  readonly domains: readonly Domain[];
  /** Newest versions by agent_id of all agents that those domains or the new version need; the version before among them. */
  readonly agents: ReadonlyMap<string, Agent>;
  /** The new version. */
  readonly after: Agent;
  /** False when the new version depends on the same agents as the one before: then it breaks no plan, and only warnings are asked for. */
  readonly isRewired: boolean;
  readonly limits: DefinitionLimits;
}

/** A verdict on a new version. */
export interface SavedPlaybooksVerdict {
  /** The first 100, by domain, then playbook; what comes after them is not judged. */
  readonly problems: readonly Violation[];
  /** The first 100, by domain, then playbook. */
  readonly warnings: readonly DefinitionWarning[];
}

/**
 * Judges the playbooks that need the agent, one in each step: there can be thousands. What was wrong with a plan before is no problem of
 * the change.
 */
export function* judgeSavedPlaybooks(saved: SavedPlaybooks): Generator<void, SavedPlaybooksVerdict> {
  const { domains, agents, after, isRewired } = saved;
  if (domains.length > domainsJudgedMax || agents.size > agentsJudgedMax) return tooManyToJudge;
  const needing = agentsNeeding(after.agentId, agents);
  const changed = new Map(agents).set(after.agentId, after);
  const askedBy = rememberedKeys();
  const problems: Violation[] = [];
  const warnings: DefinitionWarning[] = [];
  for (const { domain, playbook } of domains.flatMap(playbooksOf)) {
    if (problems.length >= violationsMax || (warnings.length >= agentWarningsMax && !isRewired)) break;
    if (!domain.playbooks[playbook].nodes.some(({ kind, id }) => kind === 'agent' && needing.has(id)))
      continue;
    const verdict = judgePlan({ domain, playbook, agents: changed, tasksMax: saved.limits.planTasksMax });
    if ('problems' in verdict) {
      if (isRewired) problems.push(...newProblems(saved, { domain, playbook }, verdict.problems));
    } else if (warnings.length < agentWarningsMax) {
      const place = { domainId: domain.domainId, path: `${playbook}_playbook` };
      warnings.push(...planWarnings(verdict.plan, place, askedBy));
    }
    yield;
  }
  return { problems: problems.slice(0, violationsMax), warnings: warnings.slice(0, agentWarningsMax) };
}

interface SavedPlaybook {
  readonly domain: Domain;
  readonly playbook: AgentClass;
}

/** Those that the plan did not have before. */
function newProblems(
  { agents, limits }: SavedPlaybooks,
  { domain, playbook }: SavedPlaybook,
  problems: readonly string[],
): readonly Violation[] {
  const earlier = judgePlan({ domain, playbook, agents, tasksMax: limits.planTasksMax });
  const known = new Set('problems' in earlier ? earlier.problems : []);
  return problems
    .filter((problem) => !known.has(problem))
    .map((problem) => playbookProblem(domain, playbook, problem));
}

const tooManyToJudge: SavedPlaybooksVerdict = {
  problems: [
    {
      field: 'agent_dependencies',
      reason: `cannot change: the agent is needed by more than ${domainsJudgedMax} domains, or by domains of more than ${agentsJudgedMax} agents`,
    },
  ],
  warnings: [],
};

function playbookProblem({ domainId }: Domain, playbook: AgentClass, problem: string): Violation {
  const reason = `would break the ${playbook} playbook of domain ${domainId}: ${problem}`;
  return { field: 'agent_dependencies', reason };
}

function playbooksOf(domain: Domain): readonly SavedPlaybook[] {
  return agentClasses.map((playbook) => ({ domain, playbook }));
}

/** The agent and all that need it, directly and indirectly. */
function agentsNeeding(agentId: string, agents: ReadonlyMap<string, Agent>): ReadonlySet<string> {
  const dependents = new Map<string, string[]>();
  for (const { agentId: dependent, agentDependencies } of agents.values()) {
    for (const id of agentDependencies) {
      const known = dependents.get(id);
      if (known) known.push(dependent);
      else dependents.set(id, [dependent]);
    }
  }
  const needing = new Set([agentId]);
  for (const id of needing) for (const dependent of dependents.get(id) ?? []) needing.add(dependent);
  return needing;
}
