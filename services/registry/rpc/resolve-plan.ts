// ResolvePlan: a playbook compiled against the present versions of its agents, or the word that it is the plan that the caller holds.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument, notFound } from '../../../foundation/fault/fault.ts';
import type { DomainService } from '../../../proto/gen/domainflow/registry/v1/domain_service_pb.js';
import { agentClasses } from '../core/agent.ts';
import { isDomainId } from '../core/definition-id.ts';
import type { DefinitionLimits } from '../core/limits.ts';
import { compilePlan, tooManyTasks } from '../core/plan.ts';
import type { RegistryStore } from '../store/store.ts';
import { agentClassOf } from './agent-wire.ts';
import { planMessage } from './plan-wire.ts';
import { tenantPrincipal } from './tenant-principal.ts';

/**
 * ResolvePlan. `not_found` as GetDomain; `failed_precondition` when dependencies have become cyclic, with the path, or when the plan has
 * become too large.
 */
export function resolvePlan(
  store: RegistryStore,
  { planTasksMax }: DefinitionLimits,
): ServiceImpl<typeof DomainService>['resolvePlan'] {
  return async ({ domainId, domainVersion, playbook: asked, knownHash }, context) => {
    const { tenantId } = tenantPrincipal(context);
    const playbook = agentClassOf(asked);
    if (!playbook) {
      throw invalidArgument([{ field: 'playbook', reason: `must be one of ${agentClasses.join(', ')}` }]);
    }
    const source = isDomainId(domainId)
      ? await store.findPlanSource(tenantId, {
          id: domainId,
          version: domainVersion,
          playbook,
          agentsMax: planTasksMax,
        })
      : undefined;
    if (!source) throw notFound('domain');
    const { agents, version } = source;
    if (agents.size > planTasksMax) throw new Fault('failed_precondition', tooManyTasks(planTasksMax));
    const domain = { domainId, version, playbooks: { [playbook]: source.playbook } };
    const plan = compilePlan({ domain, playbook, agents, tasksMax: planTasksMax });
    return plan.hash === knownHash ? { unchanged: true } : { plan: planMessage(plan) };
  };
}
