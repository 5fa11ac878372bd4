// What only people may ask for.
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { highestRole, roleReaches } from '../../../foundation/identity/role.ts';

/** Throws `permission_denied` for a call of a run: a run starts and deletes nothing. */
export function requirePerson({ run }: Principal): void {
  if (run) throw new Fault('permission_denied', 'A run may not do this');
}

/** Throws `permission_denied` unless the caller has the role editor or admin; `what` begins the sentence, such as "Submitting reports". */
export function requireEditor({ roles }: Principal, what: string): void {
  if (roleReaches(highestRole(roles) ?? 'viewer', 'editor')) return;
  throw new Fault('permission_denied', `${what} needs the role editor or admin`);
}

/** Throws `permission_denied` unless the caller has the role admin; `what` begins the sentence. */
export function requireAdmin({ roles }: Principal, what: string): void {
  if (roleReaches(highestRole(roles) ?? 'viewer', 'admin')) return;
  throw new Fault('permission_denied', `${what} needs the role admin`);
}
