// PrepareGate: what a gate compares, judged as a save would judge it. Nothing is stored.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import { violationsMax } from '../../../foundation/json/document.ts';
import type { GoldenSetService } from '../../../proto/gen/domainflow/registry/v1/golden_set_service_pb.js';
import { type GateCandidate, readGateCandidate } from '../core/gate-candidate.ts';
import type { GoldenSet } from '../core/golden-set.ts';
import type { Plan } from '../core/plan.ts';
import { planContentHash } from '../core/plan-content.ts';
import type { DefinitionFacts } from '../store/store.ts';
import { actorOf } from './actor.ts';
import { comparePlans, type ToCompare } from './gate-sides.ts';
import { findGoldenSet, goldenSetMessage } from './golden-set-wire.ts';
import type { AgentWriting } from './judge-agent.ts';
import { judgeCandidate } from './judge-candidate.ts';
import { findChangeable } from './judge-domain.ts';
import { planMessage } from './plan-wire.ts';

/**
 * PrepareGate. `permission_denied` below admin; `not_found` for a domain, set, agent or version that is not there; `invalid_argument` with
 * every violated rule.
 */
export function prepareGate(writing: AgentWriting): ServiceImpl<typeof GoldenSetService>['prepareGate'] {
  return async ({ domainId, goldenSet: name, candidate: given = {} }, context) => {
    const actor = actorOf(context, 'admin');
    const candidate = readGateCandidate(given);
    return writing.store.judgeDefinitions(actor.tenantId, async (facts) => {
      const before = await findChangeable(facts, actor, domainId);
      const set = await findGoldenSet(facts, before, name);
      if ('problems' in candidate) throw invalidArgument(candidate.problems);
      const asked = { facts, actor, candidate, before, playbook: set.playbook };
      const judged = await judgeCandidate(asked, writing);
      if ('problems' in judged) throw invalidArgument(judged.problems.slice(0, violationsMax));
      return answer({ facts, set, candidate, compared: judged }, writing);
    });
  };
}

interface Answering {
  readonly facts: DefinitionFacts;
  readonly set: GoldenSet;
  readonly candidate: GateCandidate;
  readonly compared: ToCompare;
}

async function answer({ facts, set, candidate, compared }: Answering, { rules }: AgentWriting) {
  const plansOf = await comparePlans(facts, compared, rules.limits);
  const plans = plansOf(set.playbook);
  if (!plans.candidate) {
    throw new Fault(
      'failed_precondition',
      `The ${set.playbook} playbook cannot be compiled with the candidate`,
    );
  }
  requireAgent(plans.candidate, { set, candidate, compared });
  return {
    goldenSet: goldenSetMessage(set),
    candidate: sideMessage(plans.candidate),
    present: sideMessage(plans.present),
  };
}

// A candidate that the playbook does not run would pass whatever it says.
function requireAgent(
  plan: Plan,
  { set, candidate, compared: { agentAfter } }: Omit<Answering, 'facts'>,
): void {
  if (!agentAfter || plan.nodes.some(({ nodeId }) => nodeId === agentAfter.agentId)) return;
  const field = candidate.kind === 'agent' ? 'candidate.agent.agent_id' : 'candidate.agent_id';
  const reason = `is not run by the ${set.playbook} playbook of ${set.domainId}, which ${set.name} measures`;
  throw invalidArgument([{ field, reason }]);
}

function sideMessage(plan: Plan | undefined) {
  return { ...(plan ? { plan: planMessage(plan) } : {}), contentHash: planContentHash(plan) };
}
