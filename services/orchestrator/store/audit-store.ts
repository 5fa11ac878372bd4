// The ports of the audit log: what serves its readers, and what lets old entries go.

import type { SortPlace } from '../../../foundation/paging/list-place.ts';
import type { PageSlice } from '../../../foundation/paging/open-page.ts';
import type { AuditEntry } from '../core/audit.ts';
import type { AuditFilter } from '../core/audit-filter.ts';

/** A part of the list. */
export interface AuditSlice extends PageSlice<SortPlace> {
  readonly filter: AuditFilter;
}

/** What a part of the list holds. */
export interface AuditPage {
  readonly items: readonly AuditEntry[];
  /** Matches before paging, counted up to 10,001; absent where the part begins at a place. */
  readonly total?: number;
  /** Where the following page begins; absent on the last one. */
  readonly next?: SortPlace;
}

/** Reads the audit log: entries, and executions as the entries of their starts. Writes add to it in their own transactions. */
export interface AuditStore {
  /** Newest first. */
  list(tenantId: string, slice: AuditSlice): Promise<AuditPage>;
}

/** Lets old entries of all tenants go. */
export interface AuditKeeper {
  /** Removes up to `limit` entries that are older than is kept; answers how many. */
  remove(keptDays: number, limit: number): Promise<number>;
}
