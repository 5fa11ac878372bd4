// The RPCs of domains put together.
import type { ServiceImpl } from '@connectrpc/connect';
import type { Clock } from '../../../foundation/clock.ts';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import type { DomainService } from '../../../proto/gen/domainflow/registry/v1/domain_service_pb.js';
import type { DefinitionLimits } from '../core/limits.ts';
import type { RegistryStore } from '../store/store.ts';
import { checkDomain } from './check-domain.ts';
import { createDomain } from './create-domain.ts';
import { deleteDomain } from './delete-domain.ts';
import { diffDomain } from './diff-domain.ts';
import { getDomain } from './get-domain.ts';
import { listDomains } from './list-domains.ts';
import { resolvePlan } from './resolve-plan.ts';
import { rollbackDomain } from './rollback-domain.ts';
import { updateDomain } from './update-domain.ts';

/** What the RPCs of domains are made of. */
export interface DomainRoutes {
  readonly store: RegistryStore;
  readonly tokens: PageTokens;
  readonly limits: DefinitionLimits;
  readonly clock: Clock;
}

/** Every RPC of DomainService. */
export function domainRoutes({
  store,
  tokens,
  limits,
  clock,
}: DomainRoutes): ServiceImpl<typeof DomainService> {
  const writing = { store, limits, clock };
  return {
    getDomain: getDomain(store),
    listDomains: listDomains(store, tokens),
    resolvePlan: resolvePlan(store, limits),
    checkDomain: checkDomain(writing),
    createDomain: createDomain(writing),
    updateDomain: updateDomain(writing),
    deleteDomain: deleteDomain(store),
    diffDomain: diffDomain(store),
    rollbackDomain: rollbackDomain(writing),
  };
}
