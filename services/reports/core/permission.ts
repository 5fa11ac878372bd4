// Who may write a report. Reading is open to every principal of the tenant.
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';

/** Throws `permission_denied` unless the call is made by an ingestion run whose one write target is this report. */
export function requireIngestionOf({ run }: Principal, incidentId: string): void {
  if (run?.capability === 'ingestion' && run.writeTarget !== '' && run.writeTarget === incidentId) return;
  throw new Fault('permission_denied', 'Only the ingestion run of this report may write it');
}
