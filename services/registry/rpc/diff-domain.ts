// DiffDomain: what differs between two versions of a domain.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import type { DomainService } from '../../../proto/gen/domainflow/registry/v1/domain_service_pb.js';
import { isDomainId } from '../core/definition-id.ts';
import { domainDocument } from '../core/domain-document.ts';
import { jsonDiff } from '../core/json-diff.ts';
import type { DefinitionStore } from '../store/store.ts';
import { changeMessages } from './definition-wire.ts';
import { tenantPrincipal } from './tenant-principal.ts';

/** DiffDomain. The version before the first one is 0, of which everything differs. `not_found` for versions that do not exist for the caller. */
export function diffDomain(store: DefinitionStore): ServiceImpl<typeof DomainService>['diffDomain'] {
  return async ({ domainId, fromVersion, toVersion }, context) => {
    const { tenantId } = tenantPrincipal(context);
    if (!isDomainId(domainId)) throw notFound('domain');
    return store.judgeDefinitions(tenantId, async (facts) => {
      const after = await facts.domain({ id: domainId, version: toVersion });
      if (!after) throw notFound('domain');
      const from = fromVersion === 0 ? after.version - 1 : fromVersion;
      const before = from === 0 ? undefined : await facts.domain({ id: domainId, version: from });
      if (from !== 0 && !before) throw notFound('domain');
      const changes = jsonDiff(before ? domainDocument(before) : {}, domainDocument(after));
      return { changes: changeMessages(changes), fromVersion: from, toVersion: after.version };
    });
  };
}
