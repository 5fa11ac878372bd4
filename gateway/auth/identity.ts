// Who sends a request, once the registry knows them.
import type { Principal } from '../../foundation/identity/principal.ts';
import type { Role } from '../../foundation/identity/role.ts';
import type { KeyGrant } from '../core/route-access.ts';

/** A principal that the registry knows. */
export interface Identity {
  readonly principal: Principal;
  /** Role of a person, or of the creator of an API key. */
  readonly role: Role;
  /** Name of the tenant as the registry keeps it. */
  readonly tenantName: string;
  /** Undefined for API keys, and for people whose token has none. */
  readonly email: string | undefined;
  /** What the API key may do that the principal came with; undefined for people. */
  readonly key: KeyGrant | undefined;
}
