// Who may read a session or a query job: its owner alone, whatever roles anybody has.
import { Fault, notFound } from '../../../foundation/fault/fault.ts';

/**
 * The owner's own object. Throws `not_found` when there is none in the tenant, so that a foreign tenant's object cannot be told from
 * an absent one, and `permission_denied` when it belongs to another user of the tenant.
 */
export function requireOwner<T>(
  object: T | undefined,
  { noun, ownerOf, userId }: { noun: string; ownerOf: (object: T) => string; userId: string },
): T {
  if (object === undefined) throw notFound(noun);
  if (ownerOf(object) !== userId)
    throw new Fault('permission_denied', `This ${noun} belongs to another user`);
  return object;
}
