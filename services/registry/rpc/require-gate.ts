// The last question before something is published: where a golden set is required, has a gate passed for exactly this? It is asked inside the
// transaction that publishes, which one writer of a tenant's definitions holds at a time, so that of two that were measured against the same
// version the second one is not published unmeasured over the first.
import { Fault, type Violation } from '../../../foundation/fault/fault.ts';
import type { Agent } from '../core/agent.ts';
import type { Domain } from '../core/domain.ts';
import { gateRefusal } from '../core/gate-evidence.ts';
import type { RequiredSet } from '../core/golden-set.ts';
import type { DefinitionLimits } from '../core/limits.ts';
import { planContentHash } from '../core/plan-content.ts';
import { domainsJudgedMax } from '../core/saved-playbooks.ts';
import type { DefinitionFacts } from '../store/store.ts';
import { comparePlans, type PlansOf } from './gate-sides.ts';

/** Fault `failed_precondition` with every required set of the domain that the new version has not passed. */
export async function requireGatesOfDomain(
  facts: DefinitionFacts,
  { before, after }: { readonly before: Domain; readonly after: Domain },
  limits: DefinitionLimits,
): Promise<void> {
  const sets = await facts.requiredSets(before);
  if (sets.length === 0) return;
  const plansOf = await comparePlans(facts, { before, after }, limits);
  refuse(await missingGates(facts, sets, plansOf));
}

/** The same for an agent: of every domain whose measured playbook runs it, in whatever place. */
export async function requireGatesOfAgent(
  facts: DefinitionFacts,
  agentAfter: Agent,
  limits: DefinitionLimits,
): Promise<void> {
  const sets = await facts.requiredSets();
  if (sets.length === 0) return;
  const needing = await facts.domainsNeeding(agentAfter.agentId);
  // A list that is cut short says nothing about domains that are not in it.
  const isWhole = needing.length <= domainsJudgedMax;
  const refusals: Violation[] = [];
  for (const domainId of new Set(sets.map((set) => set.domainId))) {
    const known = needing.find((each) => each.domainId === domainId);
    const domain = known ?? (isWhole ? undefined : await facts.domain({ id: domainId, version: 0 }));
    if (!domain) continue;
    const plansOf = await comparePlans(facts, { before: domain, after: domain, agentAfter }, limits);
    const ofDomain = sets.filter((set) => set.domainId === domainId);
    refusals.push(...(await missingGates(facts, ofDomain, plansOf)));
  }
  refuse(refusals);
}

/** Fault `failed_precondition` for a domain with required sets: deleting it and making it anew would dodge them. */
export async function requireNoGates(facts: DefinitionFacts, domain: Domain): Promise<void> {
  const sets = await facts.requiredSets(domain);
  const reason = 'is required; an admin has to delete it, or store it with required false, first';
  refuse(sets.map(({ name }) => ({ field: `golden_sets.${name}`, reason })));
}

// What does the same as before needs no proof.
async function missingGates(
  facts: DefinitionFacts,
  sets: readonly RequiredSet[],
  plansOf: PlansOf,
): Promise<readonly Violation[]> {
  const refusals: Violation[] = [];
  for (const set of sets) {
    const { present, candidate } = plansOf(set.playbook);
    const asked = { set, candidateHash: planContentHash(candidate), presentHash: planContentHash(present) };
    if (asked.candidateHash === asked.presentHash) continue;
    const evidence = await facts.gateEvidence(asked);
    if (!evidence.passed) refusals.push(gateRefusal(asked, evidence));
  }
  return refusals;
}

function refuse(violations: readonly Violation[]): void {
  const [first] = violations;
  if (!first) return;
  const name = first.field.slice('golden_sets.'.length);
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : '';
  throw new Fault('failed_precondition', `The golden set ${name} ${first.reason}${more}`, { violations });
}
