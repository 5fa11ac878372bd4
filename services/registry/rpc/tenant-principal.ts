// Who a call of the registry is for. The system tenant is nobody: no token and no key acts as it.
import type { HandlerContext } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import { isSystemTenant } from '../core/system-tenant.ts';

/** The principal of a call. Fault `unauthenticated` for one of the system tenant. */
export function tenantPrincipal(context: HandlerContext): Principal {
  const principal = principalOf(context);
  if (isSystemTenant(principal.tenantId)) throw unknownTenant();
  return principal;
}

/** The fault for a tenant that is unknown and may not come into being; the same sentence for the system tenant. */
export function unknownTenant(): Fault {
  return new Fault('unauthenticated', 'Unknown tenant');
}
