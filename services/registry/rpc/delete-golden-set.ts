// DeleteGoldenSet: removes a golden set with the results of its gates. What it required is not required any more.
import type { ServiceImpl } from '@connectrpc/connect';
import type { GoldenSetService } from '../../../proto/gen/domainflow/registry/v1/golden_set_service_pb.js';
import { requireVersion } from '../core/expected-version.ts';
import { auditedGoldenSet } from '../core/golden-set-document.ts';
import type { DefinitionStore } from '../store/store.ts';
import { actorOf } from './actor.ts';
import { findGoldenSet } from './golden-set-wire.ts';
import { findChangeable } from './judge-domain.ts';

/** DeleteGoldenSet. `permission_denied` below admin; `not_found`. */
export function deleteGoldenSet(
  store: DefinitionStore,
): ServiceImpl<typeof GoldenSetService>['deleteGoldenSet'] {
  return async ({ domainId, name, expectedVersion }, context) => {
    const actor = actorOf(context, 'admin');
    return store.changeDefinitions(actor, async (change) => {
      const domain = await findChangeable(change, actor, domainId);
      const before = await findGoldenSet(change, domain, name);
      requireVersion(expectedVersion, before.version);
      await change.deleteGoldenSet(domain, name, {
        operation: 'delete',
        entityType: 'golden_set',
        entityId: `${domainId}/${name}`,
        message: `The golden set was deleted; it was ${before.required ? '' : 'not '}required`,
        before: auditedGoldenSet(before),
      });
      return {};
    });
  };
}
