// RollbackDomain: stores a new version equal to an earlier one, if that one keeps the rules of today.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import type { DomainService } from '../../../proto/gen/domainflow/registry/v1/domain_service_pb.js';
import { readDomainChanges } from '../core/domain-definition.ts';
import { domainDocument } from '../core/domain-document.ts';
import { actorOf } from './actor.ts';
import type { DomainDeps } from './domain-deps.ts';
import { domainNow } from './domain-now.ts';
import { findChangeable } from './judge-domain.ts';
import { storeDomainVersion } from './store-domain-version.ts';

/** RollbackDomain. Faults as UpdateDomain; `not_found` also for a version that never was. */
export function rollbackDomain(deps: DomainDeps): ServiceImpl<typeof DomainService>['rollbackDomain'] {
  return async ({ domainId, version }, context) => {
    const actor = actorOf(context, 'editor');
    return deps.store.changeDefinitions(actor, async (change) => {
      const done = await change.earlierWrite();
      if (done !== undefined) return domainNow(change, done);
      const before = await findChangeable(change, actor, domainId);
      const earlier = version > 0 ? await change.domain({ id: domainId, version }) : undefined;
      if (!earlier) throw notFound('version of the domain');
      const draft = readDomainChanges(domainDocument(earlier), deps.limits);
      return storeDomainVersion(change, { operation: 'rollback', before, draft }, deps);
    });
  };
}
