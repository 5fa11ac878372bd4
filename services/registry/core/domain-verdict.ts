// The verdict on the three playbooks of a domain: every violated rule of each, and plans and warnings of those that are sound. Whose
// agents may be seen was decided where they were read.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { type Agent, type AgentClass, agentClasses } from './agent.ts';
import type { DefinitionWarning } from './definition-warning.ts';
import type { DefinitionLimits } from './limits.ts';
import { compilePlan, type Plan } from './plan.ts';
import { planWarnings } from './plan-warnings.ts';
import type { Playbook } from './playbook.ts';
import { playbookField, type ReadPlaybook } from './playbook-form.ts';
import { playbookProblems } from './playbook-rules.ts';

/** Playbooks with their agents. */
export interface PlaybooksToJudge {
  /** Empty for a domain whose id cannot be read. */
  readonly domainId: string;
  /** The version that they would be. */
  readonly version: number;
  /** Those that could be read; nothing is said about others. */
  readonly playbooks: Readonly<Partial<Record<AgentClass, ReadPlaybook>>>;
  /**
   * For each playbook the newest versions of the agents that it needs; at most one more than a plan may have tasks, which then says that
   * there are too many.
   */
  readonly agents: Readonly<Record<AgentClass, ReadonlyMap<string, Agent>>>;
  readonly limits: DefinitionLimits;
}

/** What was found, in the order ingestion, query, management. */
export interface DomainVerdict {
  readonly violations: readonly Violation[];
  readonly warnings: readonly DefinitionWarning[];
  /** Plans of the playbooks that keep all rules. */
  readonly plans: readonly Plan[];
}

/** Judges every playbook that is there. */
export function judgePlaybooks(asked: PlaybooksToJudge): DomainVerdict {
  const verdicts = agentClasses.flatMap((agentClass) => {
    const read = asked.playbooks[agentClass];
    return read ? [judgePlaybook(asked, agentClass, read)] : [];
  });
  return {
    violations: verdicts.flatMap(({ violations }) => violations),
    warnings: verdicts.flatMap(({ warnings }) => warnings),
    plans: verdicts.flatMap(({ plans }) => plans),
  };
}

/** Ids of the agents that a playbook lists, each once. */
export function listedAgents({ nodes }: Playbook): readonly string[] {
  return [...new Set(nodes.filter(({ kind }) => kind === 'agent').map(({ id }) => id))];
}

function judgePlaybook(
  { domainId, version, agents: allAgents, limits }: PlaybooksToJudge,
  agentClass: AgentClass,
  { playbook, sound }: ReadPlaybook,
): DomainVerdict {
  const path = playbookField(agentClass);
  const agents = allAgents[agentClass];
  const agentsCut = agents.size > limits.planTasksMax;
  const violations = playbookProblems({ playbook, agentClass, agents, agentsCut, limits, path });
  if (violations.length > 0 || !sound) return { violations, warnings: [], plans: [] };
  const domain = { domainId, version, playbooks: { [agentClass]: playbook } };
  const plan = compilePlan({ domain, playbook: agentClass, agents, tasksMax: limits.planTasksMax });
  return { violations, warnings: planWarnings(plan, { domainId, path }), plans: [plan] };
}
