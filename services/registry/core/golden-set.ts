// Golden sets: inputs of a playbook with what it must answer to them. How answers are compared is the business of whoever runs them.
import type { JsonObject } from '../../../foundation/json/json.ts';

/** Playbooks that can be run without writing anything. A management playbook cannot: what it does is what it writes. */
export const goldenPlaybooks = ['ingestion', 'query'] as const;

/** One of them. */
export type GoldenPlaybook = (typeof goldenPlaybooks)[number];

/** The most rows of a set. */
export const goldenRowsMax = 200;
/** The most expected values of a row. */
export const expectedPathsMax = 50;
/** The most different paths of a set. */
export const goldenFieldsMax = 100;
/** The most kilobytes of a set as canonical JSON. */
export const goldenSetKilobytesMax = 512;
/** The most sets of a domain. */
export const goldenSetsPerDomainMax = 20;
/** The most sets of a tenant that are required: each may be judged when an agent is saved. */
export const requiredSetsMax = 100;
/** How far two points may lie apart where a set does not say, in kilometres. */
export const defaultDistanceKm = 1;

/** One input with what must be answered to it. */
export interface GoldenRow {
  /** What a run of the playbook is given. */
  readonly input: JsonObject;
  /** Values by JSON path of the answer; null for what must not be answered. */
  readonly expected: JsonObject;
}

/** What a candidate must reach. */
export interface GateThresholds {
  /** Least of each field, 0 to 1. */
  readonly precision: number;
  /** Least of each field, 0 to 1. */
  readonly recall: number;
  /** Absent for no bound. */
  readonly costRatioMax?: number;
  /** Absent for no bound. */
  readonly latencyRatioMax?: number;
}

/** What a set says. */
export interface GoldenSetContent {
  readonly playbook: GoldenPlaybook;
  readonly rows: readonly GoldenRow[];
  readonly thresholds: GateThresholds;
  readonly distanceKm: number;
  readonly required: boolean;
}

/** One version of a set. */
export interface GoldenSet extends GoldenSetContent {
  readonly domainId: string;
  readonly name: string;
  /** From 1. */
  readonly version: number;
  readonly rowsTotal: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** UUID of the user who stored this version. */
  readonly updatedBy: string;
}

/** A set that what is published must have passed. */
export interface RequiredSet extends Pick<GoldenSet, 'domainId' | 'name' | 'version' | 'playbook'> {
  /** UUID of the domain. */
  readonly domainKey: string;
}

/** True for a text that may be the name of a set: `[a-z][a-z0-9_]{0,49}`. */
export function isGoldenSetName(text: string): boolean {
  return /^[a-z][a-z0-9_]{0,49}$/.test(text);
}
