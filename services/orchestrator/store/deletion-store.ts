// The ports of deletions: what records them, and the queue that carries them out.
import type { WriteRecord } from '../core/audit.ts';
import type { ClaimedDeletion, Deletion, DeletionChange } from '../core/deletion.ts';

/** How long a claim holds. */
export interface ClaimOptions {
  /** Chosen by who claims. */
  readonly claim: string;
  readonly leaseMs: number;
}

/** Records the deletions that a tenant's people ask for. */
export interface DeletionStore {
  /**
   * Records a deletion under a claim, with its audit entry in the same transaction. False, and nothing is written, when it was recorded
   * before: then it is someone else's turn.
   */
  record(deletion: Deletion, options: ClaimOptions, entry: WriteRecord): Promise<boolean>;
}

/** Deletions of all tenants that wait to be carried out. All times are the database's. */
export interface DeletionQueue {
  /** Claims up to `limit` deletions that are due, those that have waited longest first. */
  claim(options: ClaimOptions, limit: number): Promise<ClaimedDeletion[]>;
  /** Writes what becomes of a claimed deletion and gives it back; nothing when the claim has run out and was taken by another. */
  settle(deletion: ClaimedDeletion, change: DeletionChange): Promise<void>;
  /** Recorded deletions, counted up to `limit`. */
  count(limit: number): Promise<number>;
}
