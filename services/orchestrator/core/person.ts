// What only people may ask for.
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';

/** Throws `permission_denied` for a call of a run: a run starts and deletes nothing. */
export function requirePerson({ run }: Principal): void {
  if (run) throw new Fault('permission_denied', 'A run may not do this');
}
