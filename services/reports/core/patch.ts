// A patch as the service thinks of it: one reviewable change of one report, and where it stands. How states follow each other is decided
// in patch-decisions.ts.
import { idOfPrefixed, prefixedId } from '../../../foundation/ids/ids.ts';
import type { JsonValue } from '../../../foundation/json/json.ts';

/** Prefix of the public ids of patches. */
export const patchIdPrefix = 'patch_';
/** Longest reason, in characters (code points). */
export const reasonLengthMax = 1_000;
/** Most references of a patch. */
export const patchReferencesMax = 50;
/** Largest patch, in bytes of the JSON of its changes. */
export const patchBytesMax = 512 * 1024;
/** Longest name that a caller gives a request, in characters. */
export const requestIdLengthMax = 128;

/** Where a patch stands; see the proto. */
export type PatchStatus = 'proposed' | 'applied' | 'rejected' | 'reverted' | 'conflicted';

/** Every status. */
export const patchStatuses: readonly PatchStatus[] = [
  'proposed',
  'applied',
  'rejected',
  'reverted',
  'conflicted',
];

/** Names one patch. */
export interface PatchKey {
  /** UUID. */
  readonly tenantId: string;
  /** `patch_` id. */
  readonly patchId: string;
}

/** One value that changes. Absent `before`: there was none; absent `after`: it goes. */
export interface PatchChange {
  /** `status`, or a path of keys below `management_data`. */
  readonly path: string;
  readonly before?: JsonValue | undefined;
  readonly after?: JsonValue | undefined;
}

/** How a patch came into its report. */
export interface Application {
  /** The version of the report that brought it. */
  readonly version: number;
  /** ISO 8601, milliseconds, UTC. Never before that of an earlier version. */
  readonly at: string;
  /** Id of the user. */
  readonly by: string;
  /** What was done: see {@link ChangeAction}. */
  readonly action: ChangeAction;
  /** The report's status from then on. */
  readonly status: string;
  /** Paths of objects that had to be made to hold the changes, outermost first. */
  readonly created: readonly string[];
}

/** How a change was made: by a person at once, by applying a patch, or by taking one back. */
export type ChangeAction = 'update' | 'apply' | 'revert';

/** One patch. */
export interface Patch extends PatchKey {
  /** `inc_` id of its report. */
  readonly incidentId: string;
  /** UUIDv7. */
  readonly id: string;
  readonly domainId: string;
  readonly source: 'agent' | 'user';
  /** `job_` id; empty for a person's. */
  readonly jobId: string;
  /** `qry_` id; empty for a person's. */
  readonly queryId: string;
  /** Empty for a person's. */
  readonly agentId: string;
  /** 0 for a person's. */
  readonly agentVersion: number;
  /** At least one, each path once, none below another. */
  readonly changes: readonly PatchChange[];
  readonly reason: string;
  /** `inc_` ids. */
  readonly references: readonly string[];
  readonly status: PatchStatus;
  readonly createdBy: string;
  /** ISO 8601, milliseconds, UTC. */
  readonly createdAt: string;
  /** Id of the user who decided or reverted; empty until then. */
  readonly decidedBy: string;
  /** ISO 8601; absent until then. */
  readonly decidedAt?: string | undefined;
  /** `patch_` id that this one takes back; empty otherwise. */
  readonly reverts: string;
  /** `patch_` id that took this one back; empty otherwise. */
  readonly revertedBy: string;
  /** One higher with every state, from 1. */
  readonly revision: number;
  /** Absent for patches that were never in the document. */
  readonly application?: Application | undefined;
  /** Stands for all that a run asked for with the patch's id; empty for a person's. */
  readonly wishMark: string;
  /** Stands for the request that decided; see `request-mark.ts`. Empty until then. */
  readonly decisionMark: string;
  /** Stands for the request that reverted; empty until then. */
  readonly revertMark: string;
  /** Of a conflicted patch: the paths that did not hold `before`. */
  readonly conflictPaths: readonly string[];
}

/** True for the form of a patch's public id. */
export function isPatchId(text: string): boolean {
  return idOfPrefixed(patchIdPrefix, text) !== undefined;
}

/** The public id of a patch's UUID. */
export function patchIdOf(id: string): string {
  return prefixedId(patchIdPrefix, id);
}

/** The states of an outbox together with further ones: of each patch the newest. */
export function withStates(outbox: readonly Patch[], states: readonly Patch[]): readonly Patch[] {
  const newest = new Map<string, Patch>();
  for (const state of [...outbox, ...states]) {
    const held = newest.get(state.patchId);
    if (!held || held.revision < state.revision) newest.set(state.patchId, state);
  }
  return [...newest.values()];
}

/** The patch as it stands: the stored state, or a newer one in the outbox of its report. */
export function newestState(stored: Patch, outbox: readonly Patch[]): Patch {
  return withStates([stored], outbox).find(({ patchId }) => patchId === stored.patchId) ?? stored;
}
