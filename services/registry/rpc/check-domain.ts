// CheckDomain: judges a definition as CreateDomain or UpdateDomain would, and stores nothing. What is wrong with the definition is its
// answer; only what the caller may not do or name is a fault.
import type { ServiceImpl } from '@connectrpc/connect';
import type { Violation } from '../../../foundation/fault/fault.ts';
import type { DomainService } from '../../../proto/gen/domainflow/registry/v1/domain_service_pb.js';
import { type DomainDraft, readDomainChanges, readNewDomain } from '../core/domain-definition.ts';
import type { DefinitionFacts } from '../store/store.ts';
import { actorOf } from './actor.ts';
import { definitionOf, violationMessages, warningMessages } from './definition-wire.ts';
import type { DomainDeps } from './domain-deps.ts';
import { findChangeable, judgeDraft } from './judge-domain.ts';
import { planMessage } from './plan-wire.ts';

/** CheckDomain. Faults `permission_denied` and `not_found` as the write itself. */
export function checkDomain({ store, limits }: DomainDeps): ServiceImpl<typeof DomainService>['checkDomain'] {
  return async (request, context) => {
    const actor = actorOf(context, 'editor');
    const { domainId } = request;
    const definition = definitionOf(request);
    const verdict = await store.judgeDefinitions(actor.tenantId, async (facts) => {
      if (domainId !== '') {
        const before = await findChangeable(facts, actor, domainId);
        return judgeDraft(facts, readDomainChanges(definition, limits), { before, limits });
      }
      const draft = readNewDomain(definition, limits);
      const judged = await judgeDraft(facts, draft, { limits });
      return { ...judged, violations: [...judged.violations, ...(await takenProblems(facts, draft))] };
    });
    return {
      violations: violationMessages(verdict.violations),
      warnings: warningMessages(verdict.warnings),
      plans: verdict.plans.map(planMessage),
    };
  };
}

/** A conflict is a violated rule here: the definition could not be stored. */
async function takenProblems(
  facts: DefinitionFacts,
  { domainId }: DomainDraft,
): Promise<readonly Violation[]> {
  const taken = domainId === undefined ? undefined : await facts.domain({ id: domainId, version: 0 });
  return taken ? [{ field: 'domain_id', reason: `${domainId} is taken; choose another one` }] : [];
}
