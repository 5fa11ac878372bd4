// The effects of a management run as they are written down before any of them happens: what is changed by which patch, with every id, so
// that repeating them changes nothing more.

import { prefixedId } from '../../../foundation/ids/ids.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { RejectedReference } from './compose-answer.ts';
import type { ManagementQuestion } from './management-questions.ts';
import type { Conflict } from './merge-ingestion.ts';
import type { ChangePlan, PlannedChange } from './plan-changes.ts';
import type { VerifiedReference } from './verified-reference.ts';

/** One patch to be made. */
export interface PlannedPatch {
  /** UUIDv7. */
  readonly id: string;
  readonly incidentId: string;
}

/** A change with the ids of its patches. */
export interface PreparedChange extends Omit<PlannedChange, 'incidentIds'> {
  readonly patches: readonly PlannedPatch[];
}

/** Everything that the end of a management run needs. */
export interface ManagementEffects {
  /** Whether patches are applied at once or wait for a decision. */
  readonly apply: 'auto' | 'review';
  /** In the order in which they are made. */
  readonly changes: readonly PreparedChange[];
  readonly reports: readonly VerifiedReference[];
  readonly rejected: readonly RejectedReference[];
  readonly conflicts: readonly Conflict[];
  /** What must be answered first; absent when nothing must. */
  readonly questions?: readonly ManagementQuestion[];
}

/** The effects of a plan. `nextId` gives UUIDv7s, another with each call. */
export function prepareEffects(
  { changes, reports, rejected, conflicts, questions }: ChangePlan,
  { apply, nextId }: { readonly apply: ManagementEffects['apply']; readonly nextId: () => string },
): ManagementEffects {
  const prepared = changes.map(({ incidentIds, ...change }) => ({
    ...change,
    patches: incidentIds.map((incidentId) => ({ id: nextId(), incidentId })),
  }));
  const asked = questions.length > 0 ? { questions } : {};
  return { apply, changes: prepared, reports, rejected, conflicts, ...asked };
}

/** The effects as the journal keeps them. */
export function effectsJson(effects: ManagementEffects): JsonObject {
  return effects as unknown as JsonObject;
}

/** The effects that the journal kept. */
export function effectsOf(prepared: JsonObject): ManagementEffects {
  return prepared as unknown as ManagementEffects;
}

/** Paths that agents of the run wanted to change differently, as `mergeIngestion` tells them; none before the effects are known. */
export function managementConflicts(prepared: JsonObject | undefined): readonly Conflict[] {
  return prepared && 'conflicts' in prepared ? effectsOf(prepared).conflicts : [];
}

/** `patch_` id of a patch. */
export function patchIdOf(id: string): string {
  return prefixedId('patch_', id);
}
