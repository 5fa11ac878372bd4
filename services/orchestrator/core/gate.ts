// A gate: a candidate definition and the present one, each run over the rows of a golden set without writing anything.
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { PinnedText, TraceOrigin } from './execution-record.ts';

/** The most gates that a tenant has under way. */
export const gatesPerTenantMax = 3;

/** The most shadow runs of one gate at the same time. */
export const shadowRunsMax = 4;

/** Playbooks that a gate can run. */
export type GatePlaybook = 'ingestion' | 'query';

/** Where a gate stands. */
export type GateStatus = 'running' | 'completed' | 'cancelled' | 'failed';

/** What runs: what was given, and what is published. */
export type GateSide = 'candidate' | 'present';

/** One input with what must be answered to it. */
export interface GateRow {
  readonly input: JsonObject;
  /** Values by JSON path; null for what must not be answered. */
  readonly expected: JsonObject;
}

/** What a candidate must reach. */
export interface GateThresholds {
  readonly precision: number;
  readonly recall: number;
  readonly costRatioMax?: number;
  readonly latencyRatioMax?: number;
}

/** The plan of a side. */
export interface GatePlan {
  readonly domainVersion: number;
  readonly pinned: PinnedText;
}

/** All that a gate does, fixed when it starts: later edits of the set or of definitions do not touch it. */
export interface GateSpec {
  readonly playbook: GatePlaybook;
  readonly goldenSet: string;
  readonly goldenSetVersion: number;
  readonly rows: readonly GateRow[];
  readonly thresholds: GateThresholds;
  readonly distanceKm: number;
  /** What was given, without its definition. */
  readonly candidate: JsonObject;
  readonly candidateHash: string;
  /** Empty when nothing can be compared with. */
  readonly presentHash: string;
  readonly plans: { readonly candidate: GatePlan; readonly present?: GatePlan };
}

/** What is shown of a gate that has begun. */
export type GateHead = Pick<GateSpec, 'playbook' | 'goldenSet' | 'goldenSetVersion' | 'candidate'>;

/** A gate as it is recorded. */
export interface GateRecord {
  readonly tenantId: string;
  /** UUIDv7. */
  readonly id: string;
  readonly domainId: string;
  readonly spec: GateSpec;
  /** Who started it. */
  readonly principal: Principal;
  readonly trace?: TraceOrigin;
  readonly createdAtMs: number;
}

/** What one run has answered. */
export interface ShadowAnswer {
  readonly succeeded: boolean;
  /** Why it failed; empty otherwise. */
  readonly error: string;
  /** By expected path; paths that have no value are absent. */
  readonly values: JsonObject;
  /** How long it ran, waits for a place apart, in milliseconds. */
  readonly latencyMs: number;
}

/** Which run of a gate. */
export interface ShadowPlace {
  readonly side: GateSide;
  /** Row of the set, from 0. */
  readonly row: number;
}

/** A run of a gate under the execution that was chosen for it. */
export interface ChosenShadow extends ShadowPlace {
  readonly executionId: string;
}

/** Such a run as it stands. */
export interface ShadowRun extends ChosenShadow {
  /** True once its answer is kept. */
  readonly ended: boolean;
}

/** A run that has ended. */
export interface AnsweredShadow extends ChosenShadow {
  readonly answer: ShadowAnswer;
}

/** The sides that a gate runs. */
export function sidesOf({ plans }: Pick<GateSpec, 'plans'>): readonly GateSide[] {
  return plans.present ? ['candidate', 'present'] : ['candidate'];
}

/** Every run of a gate in the order of their starts: both sides of a row together, so that they meet the same moment. */
export function shadowPlaces(spec: Pick<GateSpec, 'plans' | 'rows'>): readonly ShadowPlace[] {
  const sides = sidesOf(spec);
  return spec.rows.flatMap((_, row) => sides.map((side) => ({ side, row })));
}

/** Rows that have answers on every side. */
export function rowsDone(spec: Pick<GateSpec, 'plans'>, runs: readonly ShadowRun[]): number {
  const sides = sidesOf(spec).length;
  const ended = new Map<number, number>();
  for (const { row, ended: hasEnded } of runs) if (hasEnded) ended.set(row, (ended.get(row) ?? 0) + 1);
  return [...ended.values()].filter((count) => count === sides).length;
}
