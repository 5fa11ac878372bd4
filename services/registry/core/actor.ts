// Who writes: the caller of an RPC as rules and the audit log want to know them.
import type { Role } from '../../../foundation/identity/role.ts';

/** Someone who writes. */
export interface Actor {
  readonly tenantId: string;
  readonly userId: string;
  readonly role: Role;
  /** Trace of the request, 32 hex digits; undefined when it is not traced. */
  readonly traceId: string | undefined;
  /** UUID of a request that may come again, see `requestIdOf`; undefined for every other one. */
  readonly requestId?: string | undefined;
  /** When the request began, on the process's monotonic clock, in milliseconds. */
  readonly startedMs: number;
}

/** What decides who may change an object. */
export interface Owned {
  /** UUID of the user who created it. */
  readonly createdBy: string;
  /** True for what the platform brings along. */
  readonly isInbuilt: boolean;
}

/** True when the actor may change or delete the object: an admin every one of the tenant, an editor its own, nobody a builtin one. */
export function mayChange({ role, userId }: Actor, { createdBy, isInbuilt }: Owned): boolean {
  if (isInbuilt) return false;
  return role === 'admin' || (role === 'editor' && createdBy === userId);
}
