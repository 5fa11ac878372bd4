// Who writes by an RPC, and whether the role suffices. Runs write no definitions: what a prompt or a tool says cannot change them.
import type { HandlerContext } from '@connectrpc/connect';
import { context as contextApi } from '@opentelemetry/api';
import { Fault } from '../../../foundation/fault/fault.ts';
import { highestRole, type Role, roleReaches } from '../../../foundation/identity/role.ts';
import { requestIdOf } from '../../../foundation/rpc/caller.ts';
import { traceIdOf } from '../../../foundation/telemetry/propagation.ts';
import { type Actor, mayChange, type Owned } from '../core/actor.ts';
import { tenantPrincipal } from './tenant-principal.ts';

/** The caller as one who writes. Fault `permission_denied` below the least role and for runs. */
export function actorOf(context: HandlerContext, least: Role): Actor {
  const startedMs = performance.now();
  const { tenantId, userId, roles, run } = tenantPrincipal(context);
  if (run) throw new Fault('permission_denied', 'A run may not change definitions');
  const role = highestRole(roles) ?? 'viewer';
  if (!roleReaches(role, least)) throw new Fault('permission_denied', `This needs the role ${least}`);
  const traceId = traceIdOf(contextApi.active());
  return { tenantId, userId, role, traceId, requestId: requestIdOf(context), startedMs };
}

/** Fault `permission_denied` when the actor may not change the object. `noun` completes "This … belongs to". */
export function requireMayChange(actor: Actor, owned: Owned, noun: string): void {
  if (mayChange(actor, owned)) return;
  const sentence = owned.isInbuilt
    ? `This ${noun} belongs to the platform and cannot be changed`
    : `This ${noun} was created by another user; only an admin may change it`;
  throw new Fault('permission_denied', sentence);
}
