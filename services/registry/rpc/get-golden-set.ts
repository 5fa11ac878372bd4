// GetGoldenSet and ListGoldenSets: the golden sets of a domain that the tenant sees.
import type { ServiceImpl } from '@connectrpc/connect';
import type { GoldenSetService } from '../../../proto/gen/domainflow/registry/v1/golden_set_service_pb.js';
import type { DefinitionStore } from '../store/store.ts';
import { findDomain, findGoldenSet, goldenSetMessage } from './golden-set-wire.ts';
import { tenantPrincipal } from './tenant-principal.ts';

type Service = ServiceImpl<typeof GoldenSetService>;

/** GetGoldenSet. `not_found` for what the tenant has not. */
export function getGoldenSet(store: DefinitionStore): Service['getGoldenSet'] {
  return async ({ domainId, name }, context) => {
    const { tenantId } = tenantPrincipal(context);
    return store.judgeDefinitions(tenantId, async (facts) => {
      const set = await findGoldenSet(facts, await findDomain(facts, domainId), name);
      return { goldenSet: goldenSetMessage(set) };
    });
  };
}

/** ListGoldenSets. `not_found` for a domain that the tenant has not. */
export function listGoldenSets(store: DefinitionStore): Service['listGoldenSets'] {
  return async ({ domainId }, context) => {
    const { tenantId } = tenantPrincipal(context);
    return store.judgeDefinitions(tenantId, async (facts) => {
      const sets = await facts.goldenSets(await findDomain(facts, domainId));
      return { goldenSets: sets.map(goldenSetMessage) };
    });
  };
}
