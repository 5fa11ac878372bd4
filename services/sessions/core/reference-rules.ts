// References of an answer: how many there may be, and which of them name reports.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { checkForm } from './input-rules.ts';

/** References that an answer lists at most; the rest is counted. */
export const referencesMax = 50;

/** True for a text that has the form of a report's public id. */
export function isIncidentId(text: string): boolean {
  return /^inc_[0-9a-f]{32}$/.test(text);
}

/** What is wrong with the references of an answer. */
export function checkReferences(references: readonly unknown[]): Violation[] {
  const holds = references.length <= referencesMax;
  return checkForm('result.references_used', holds, `must be at most ${referencesMax}`);
}

/** A reference as far as marking needs it. */
export interface Markable {
  readonly reference_id: string;
  readonly deleted?: boolean;
}

/** Where in a list of references these reports stand that are not marked as deleted yet. */
export function unmarkedPlaces(references: readonly Markable[], incidentIds: readonly string[]): number[] {
  return references.flatMap(({ reference_id: id, deleted }, place) =>
    !deleted && incidentIds.includes(id) ? [place] : [],
  );
}
