// The part of the port that is about golden sets and gates. Sets are asked for and written under the transaction of definitions, so that a
// set, what it requires and what is published cannot pass each other by.
import type { WriteRecord } from '../core/audit.ts';
import type { Domain } from '../core/domain.ts';
import type { GateEvidence, GateEvidenceAsked } from '../core/gate-evidence.ts';
import type { GoldenSet, RequiredSet } from '../core/golden-set.ts';

/** What is asked about golden sets. */
export interface GateFacts {
  /** Undefined when it is absent. */
  goldenSet(domain: Pick<Domain, 'id'>, name: string): Promise<GoldenSet | undefined>;
  /** By name, without rows; at most 20. */
  goldenSets(domain: Pick<Domain, 'id'>): Promise<readonly GoldenSet[]>;
  /** Sets that are required, of one domain or of all of the tenant's; at most 100, by domain and name. */
  requiredSets(domain?: Pick<Domain, 'id'>): Promise<readonly RequiredSet[]>;
  /** What gates have shown of a content. */
  gateEvidence(asked: GateEvidenceAsked): Promise<GateEvidence>;
}

/** Writing golden sets, each write with its record in the audit log. */
export interface GateWrites {
  /** The first version or the next one. */
  putGoldenSet(domain: Pick<Domain, 'id'>, set: GoldenSet, record: WriteRecord): Promise<void>;
  /** Removes the set and the results of its gates. */
  deleteGoldenSet(domain: Pick<Domain, 'id'>, name: string, record: WriteRecord): Promise<void>;
}

/** How a gate ended. */
export interface GateResult {
  readonly gateId: string;
  readonly domainId: string;
  readonly name: string;
  readonly version: number;
  readonly candidateHash: string;
  readonly presentHash: string;
  readonly passed: boolean;
  readonly failingPaths: readonly string[];
}

/** What a run cost in one currency. */
export interface RunCost {
  readonly jobId: string;
  /** Empty for calls without a price. */
  readonly currency: string;
  readonly calls: number;
  readonly tokens: bigint;
  /** In 1e-9 of the currency unit. */
  readonly money: bigint;
}

/** Evidence of gates. */
export interface GateStore {
  /** Keeps a result, the newest 500 of its set with it; one that is kept stays. False when the set is gone. */
  recordGateResult(tenantId: string, result: GateResult): Promise<boolean>;
  /** One for each of the runs and currency that has calls. */
  sumRunCosts(tenantId: string, jobIds: readonly string[]): Promise<readonly RunCost[]>;
}
