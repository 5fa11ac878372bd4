// DeleteDomain: removes a domain. Runs go on with the version they pinned, and its id may be used again.
import type { ServiceImpl } from '@connectrpc/connect';
import type { DomainService } from '../../../proto/gen/domainflow/registry/v1/domain_service_pb.js';
import { domainRecord } from '../core/domain-version.ts';
import { requireVersion } from '../core/expected-version.ts';
import type { DefinitionStore } from '../store/store.ts';
import { actorOf } from './actor.ts';
import { findChangeable } from './judge-domain.ts';
import { requireNoGates } from './require-gate.ts';

/** DeleteDomain. `failed_precondition` for a domain with a golden set that is required. */
export function deleteDomain(store: DefinitionStore): ServiceImpl<typeof DomainService>['deleteDomain'] {
  return async ({ domainId, expectedVersion }, context) => {
    const actor = actorOf(context, 'editor');
    return store.changeDefinitions(actor, async (change) => {
      const before = await findChangeable(change, actor, domainId);
      requireVersion(expectedVersion, before.version);
      await requireNoGates(change, before);
      await change.deleteDomain(before, domainRecord('delete', { before }));
      return {};
    });
  };
}
