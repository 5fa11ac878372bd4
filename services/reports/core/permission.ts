// Who may write a report. Reading is open to every principal of the tenant.
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { highestRole, roleReaches } from '../../../foundation/identity/role.ts';

/** Throws `permission_denied` unless the call is made by an ingestion run whose one write target is this report. */
export function requireIngestionOf({ run }: Principal, incidentId: string): void {
  if (run?.capability === 'ingestion' && run.writeTarget !== '' && run.writeTarget === incidentId) return;
  throw new Fault('permission_denied', 'Only the ingestion run of this report may write it');
}

/** Throws `permission_denied` unless the call is made by the deletion of this report. */
export function requireDeletionOf({ run }: Principal, incidentId: string): void {
  if (run?.capability === 'deletion' && run.writeTarget !== '' && run.writeTarget === incidentId) return;
  throw new Fault('permission_denied', 'Only the deletion of this report may do this');
}

/** Throws `permission_denied` unless a person with the role editor or admin calls. Runs are no persons, whoever started them. */
export function requireEditor({ run, roles }: Principal): void {
  if (run) throw new Fault('permission_denied', 'Only persons may do this');
  if (roleReaches(highestRole(roles) ?? 'viewer', 'editor')) return;
  throw new Fault('permission_denied', 'This needs the role editor');
}

/** Throws `permission_denied` unless the call is made by a management run that may write this report. */
export function requireManagementOf({ run }: Principal, incidentId: string): void {
  if (run?.capability === 'management' && run.writeTarget !== '' && run.writeTarget === incidentId) return;
  throw new Fault('permission_denied', 'Only a management run of this report may change it');
}
