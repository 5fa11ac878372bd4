// ResolvePlan: a playbook compiled against the present versions of its agents.
import type { ServiceImpl } from '@connectrpc/connect';
import { invalidArgument, notFound } from '../../../foundation/fault/fault.ts';
import type { DomainService } from '../../../proto/gen/domainflow/registry/v1/domain_service_pb.js';
import { agentClasses } from '../core/agent.ts';
import { isDomainId } from '../core/definition-id.ts';
import { compilePlan } from '../core/plan.ts';
import type { RegistryStore } from '../store/store.ts';
import { agentClassOf } from './agent-wire.ts';
import { planMessage } from './plan-wire.ts';
import { tenantPrincipal } from './tenant-principal.ts';

/** ResolvePlan. `not_found` as GetDomain; `failed_precondition` when dependencies have become cyclic, with the path. */
export function resolvePlan(store: RegistryStore): ServiceImpl<typeof DomainService>['resolvePlan'] {
  return async ({ domainId, domainVersion, playbook: asked }, context) => {
    const { tenantId } = tenantPrincipal(context);
    const playbook = agentClassOf(asked);
    if (!playbook) {
      throw invalidArgument([{ field: 'playbook', reason: `must be one of ${agentClasses.join(', ')}` }]);
    }
    const source = isDomainId(domainId)
      ? await store.findPlanSource(tenantId, { id: domainId, version: domainVersion, playbook })
      : undefined;
    if (!source) throw notFound('domain');
    return { plan: planMessage(compilePlan({ ...source, playbook })) };
  };
}
