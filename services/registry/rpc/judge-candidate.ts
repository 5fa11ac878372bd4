// Judges the candidate of a gate exactly as its save would, and answers what would be published. Every problem is named by its path in the
// candidate.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { notFound } from '../../../foundation/fault/fault.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { Actor } from '../core/actor.ts';
import type { Agent } from '../core/agent.ts';
import { agentDocument, readAgentChanges } from '../core/agent-document.ts';
import { nextVersion } from '../core/agent-version.ts';
import type { Domain } from '../core/domain.ts';
import { readDomainChanges } from '../core/domain-definition.ts';
import { domainDocument } from '../core/domain-document.ts';
import { nextDomainVersion } from '../core/domain-version.ts';
import type { GateCandidate } from '../core/gate-candidate.ts';
import type { GoldenPlaybook } from '../core/golden-set.ts';
import { playbookField } from '../core/playbook-form.ts';
import type { DefinitionFacts } from '../store/store.ts';
import { changeableAgent } from './changeable-agent.ts';
import type { ToCompare } from './gate-sides.ts';
import { type AgentWriting, judgeAgent } from './judge-agent.ts';
import { judgeDraft } from './judge-domain.ts';

/** What is judged, for whom. */
export interface CandidateToJudge {
  readonly facts: DefinitionFacts;
  readonly actor: Actor;
  readonly candidate: GateCandidate;
  /** The domain as it is published. */
  readonly before: Domain;
  readonly playbook: GoldenPlaybook;
}

/** What would be published, or every violated rule. */
export type JudgedCandidate = ToCompare | { readonly problems: readonly Violation[] };

/** The judgement. Faults `not_found` and `permission_denied` as the save. */
export function judgeCandidate(asked: CandidateToJudge, writing: AgentWriting): Promise<JudgedCandidate> {
  const { candidate, playbook } = asked;
  switch (candidate.kind) {
    case 'playbook': {
      const field = playbookField(playbook);
      const isOwn = (path: string): boolean => path === field || path.startsWith(`${field}.`);
      const pathOf = (path: string): string =>
        isOwn(path) ? `candidate.playbook${path.slice(field.length)}` : path;
      return ofDomain(asked, { [field]: candidate.playbook }, { writing, pathOf });
    }
    case 'domain_version':
      return ofDomainVersion(asked, candidate.version, writing);
    case 'agent': {
      const { agentId, definition } = candidate;
      return ofAgent(
        asked,
        { agentId, definitionOf: async () => definition },
        { writing, pathOf: insideAgent },
      );
    }
    case 'agent_version': {
      const { agentId, version } = candidate;
      const definitionOf = async (): Promise<JsonObject> => {
        const earlier = await asked.facts.agent({ id: agentId, version });
        if (!earlier) throw notFound('version of the agent');
        return agentDocument(earlier);
      };
      return ofAgent(asked, { agentId, definitionOf }, { writing, pathOf: insideVersion });
    }
  }
}

const insideAgent = (path: string): string => `candidate.agent.${path}`;
const insideVersion = (path: string): string => `candidate.version.${path}`;

interface Judging {
  readonly writing: AgentWriting;
  /** Where a problem of the save lies in the candidate. */
  readonly pathOf: (path: string) => string;
}

async function ofDomainVersion(asked: CandidateToJudge, version: number, writing: AgentWriting) {
  const earlier = await asked.facts.domain({ id: asked.before.domainId, version });
  if (!earlier) throw notFound('version of the domain');
  return ofDomain(asked, domainDocument(earlier), { writing, pathOf: insideVersion });
}

async function ofDomain(
  { facts, before }: CandidateToJudge,
  definition: JsonObject,
  { writing, pathOf }: Judging,
): Promise<JudgedCandidate> {
  const { limits } = writing.rules;
  const draft = readDomainChanges(definition, limits);
  const { violations, content } = await judgeDraft(facts, draft, { before, limits });
  if (violations.length > 0 || !content) return { problems: placed(violations, pathOf) };
  return { before, after: nextDomainVersion(before, content, new Date(writing.clock())) };
}

interface AgentAsked {
  readonly agentId: string;
  /** Asked once the agent is known to be the actor's to change. */
  readonly definitionOf: () => Promise<JsonObject>;
}

async function ofAgent(
  { facts, actor, before: domain }: CandidateToJudge,
  { agentId, definitionOf }: AgentAsked,
  { writing, pathOf }: Judging,
): Promise<JudgedCandidate> {
  const before: Agent = await changeableAgent(facts, actor, agentId);
  const read = readAgentChanges(await definitionOf(), before, writing.rules);
  const agentAfter = nextVersion(before, read.content, new Date(writing.clock()));
  const { problems } = await judgeAgent(facts, { read, after: agentAfter, before }, writing.rules);
  if (problems.length > 0) return { problems: placed(problems, pathOf) };
  return { before: domain, after: domain, agentAfter };
}

function placed(problems: readonly Violation[], pathOf: Judging['pathOf']): readonly Violation[] {
  return problems.map(({ field, reason }) => ({ field: pathOf(field), reason }));
}
