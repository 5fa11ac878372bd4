// UpdateDomain: merges what is given into the newest version, judges all three playbooks again and stores the next version.
import type { ServiceImpl } from '@connectrpc/connect';
import type { DomainService } from '../../../proto/gen/domainflow/registry/v1/domain_service_pb.js';
import { readDomainChanges } from '../core/domain-definition.ts';
import { requireVersion } from '../core/expected-version.ts';
import { actorOf } from './actor.ts';
import { definitionOf } from './definition-wire.ts';
import type { DomainDeps } from './domain-deps.ts';
import { findChangeable } from './judge-domain.ts';
import { storeDomainVersion } from './store-domain-version.ts';

/** UpdateDomain. Updates of a tenant come one after another, so that each merges into what the one before left. */
export function updateDomain(deps: DomainDeps): ServiceImpl<typeof DomainService>['updateDomain'] {
  return async (request, context) => {
    const actor = actorOf(context, 'editor');
    const draft = readDomainChanges(definitionOf(request), deps.limits);
    return deps.store.changeDefinitions(actor, async (change) => {
      const before = await findChangeable(change, actor, request.domainId);
      requireVersion(request.expectedVersion, before.version);
      return storeDomainVersion(change, { operation: 'update', before, draft }, deps);
    });
  };
}
