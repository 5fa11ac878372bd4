// Judging a domain against what is stored: reads the agents that its playbooks need and asks core. It stores nothing.
import { notFound, type Violation } from '../../../foundation/fault/fault.ts';
import type { Actor } from '../core/actor.ts';
import { type Agent, type AgentClass, agentClasses } from '../core/agent.ts';
import { isDomainId } from '../core/definition-id.ts';
import { type Domain, isInbuiltDomain } from '../core/domain.ts';
import type { DomainDraft } from '../core/domain-definition.ts';
import type { DomainContent } from '../core/domain-document.ts';
import { type DomainVerdict, judgePlaybooks, listedAgents } from '../core/domain-verdict.ts';
import type { DefinitionLimits } from '../core/limits.ts';
import type { ReadPlaybook } from '../core/playbook-form.ts';
import type { DefinitionFacts } from '../store/store.ts';
import { requireMayChange } from './actor.ts';

type Playbooks = Readonly<Partial<Record<AgentClass, ReadPlaybook>>>;

/** Playbooks to judge as those of a version of a domain. */
interface DomainToJudge {
  /** Empty when it cannot be read. */
  readonly domainId: string;
  readonly version: number;
  readonly playbooks: Playbooks;
  readonly limits: DefinitionLimits;
}

/** Judges the playbooks by the agents as they are now. */
async function judgeDomain(facts: DefinitionFacts, asked: DomainToJudge): Promise<DomainVerdict> {
  const { playbooks, limits } = asked;
  const needed = async (agentClass: AgentClass): Promise<ReadonlyMap<string, Agent>> => {
    const read = playbooks[agentClass];
    return read ? facts.agentsWithDependencies(listedAgents(read.playbook), limits.planTasksMax) : new Map();
  };
  const [ingestion, query, management] = await Promise.all([
    needed('ingestion'),
    needed('query'),
    needed('management'),
  ]);
  return judgePlaybooks({ ...asked, agents: { ingestion, query, management } });
}

/** A new domain as it was read: every problem, what would be stored if there are none, and what else was found. */
export interface JudgedDraft extends DomainVerdict {
  /** Absent when something required is. */
  readonly content?: DomainContent;
}

/** Judges a draft: a new domain, or changes of `before`, of which all three playbooks are judged again. */
export async function judgeDraft(
  facts: DefinitionFacts,
  draft: DomainDraft,
  { before, limits }: { readonly before?: Domain; readonly limits: DefinitionLimits },
): Promise<JudgedDraft> {
  const playbooks = before ? mergePlaybooks(before, draft) : draft.playbooks;
  const domainId = before?.domainId ?? draft.domainId ?? '';
  const version = (before?.version ?? 0) + 1;
  const verdict = await judgeDomain(facts, { domainId, version, playbooks, limits });
  const violations: readonly Violation[] = [...draft.problems, ...verdict.violations];
  const content = contentOf(draft, playbooks, before);
  return { ...verdict, violations, ...(content ? { content } : {}) };
}

/** What was given wins; what was given and cannot be read is not replaced by what was there. */
function mergePlaybooks({ playbooks }: Domain, draft: DomainDraft): Playbooks {
  const merged: Partial<Record<AgentClass, ReadPlaybook>> = { ...draft.playbooks };
  for (const agentClass of agentClasses) {
    if (!draft.given.has(agentClass)) merged[agentClass] = { playbook: playbooks[agentClass], sound: true };
  }
  return merged;
}

function contentOf(
  draft: DomainDraft,
  { ingestion, query, management }: Playbooks,
  before: Domain | undefined,
): DomainContent | undefined {
  const domainName = draft.domainName ?? before?.domainName;
  if (domainName === undefined || !ingestion || !query || !management) return undefined;
  const description = draft.description ?? before?.description ?? '';
  const playbooks = {
    ingestion: ingestion.playbook,
    query: query.playbook,
    management: management.playbook,
  };
  return { domainName, description, playbooks };
}

/** The newest version of a domain that the actor may change. Fault `not_found`, or `permission_denied` for whoever may not. */
export async function findChangeable(
  facts: DefinitionFacts,
  actor: Actor,
  domainId: string,
): Promise<Domain> {
  const domain = isDomainId(domainId) ? await facts.domain({ id: domainId, version: 0 }) : undefined;
  if (!domain) throw notFound('domain');
  requireMayChange(actor, { createdBy: domain.createdBy, isInbuilt: isInbuiltDomain(domain) }, 'domain');
  return domain;
}
