// Public ids of what the orchestrator makes and names.
import { idOfPrefixed, prefixedId } from '../../../foundation/ids/ids.ts';

/** `job_` id of an execution. */
export function jobIdOf(executionId: string): string {
  return prefixedId('job_', executionId);
}

/** The execution of a `job_` id, or undefined for a text of another form. */
export function executionIdOf(jobId: string): string | undefined {
  return idOfPrefixed('job_', jobId);
}

/** `inc_` id of a report. */
export function incidentIdOf(id: string): string {
  return prefixedId('inc_', id);
}

/** The id inside an `inc_` or `qry_` id. */
export function subjectUuidOf(subjectId: string): string {
  const id = idOfPrefixed(subjectId.slice(0, 4), subjectId);
  if (id === undefined) throw new Error('a subject id without a UUID was recorded');
  return id;
}

/** `qry_` id of a query job. */
export function queryIdOf(id: string): string {
  return prefixedId('qry_', id);
}

/** `gate_` id of a gate. */
export function gateIdOf(id: string): string {
  return prefixedId('gate_', id);
}

/** The gate of a `gate_` id, or undefined for a text of another form. */
export function gateUuidOf(gateId: string): string | undefined {
  return idOfPrefixed('gate_', gateId);
}

/** `msg_` id of a message. */
export function messageIdOf(id: string): string {
  return prefixedId('msg_', id);
}
