// A write that names a tenant or a creator whom nobody has stored is refused by a foreign key; here that becomes a Fault.
import { Fault } from '../../../foundation/fault/fault.ts';
import { violatedConstraint } from '../../../foundation/postgres/database-fault.ts';

/** Runs a write. Fault `unauthenticated` when its tenant or the user in `created_by` or the like is not stored. */
export async function refuseUnknownPrincipal<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    const violation = violatedConstraint(error);
    const isOfPrincipal = /_(?:tenant_id|created_by|granted_by|updated_by)_fkey$/.test(violation?.name ?? '');
    if (violation?.kind !== 'foreign_key' || !isOfPrincipal) throw error;
    const noun = violation.name.endsWith('_tenant_id_fkey') ? 'tenant' : 'user';
    throw new Fault('unauthenticated', `Unknown ${noun}`, { cause: error });
  }
}
