// A tombstone as an item of the Reports table and back. It lies under the key of its report and in no index but that of pending items, and
// it stays for good: an id that was deleted is never used again, whatever is imported or repeated later.
import type { Tombstone } from '../core/tombstone.ts';
import { itemKey, reportKeyOf } from './keys.ts';

/** The item, without its marker. */
export function tombstoneItem(tombstone: Tombstone): Record<string, unknown> {
  const { jobId, domainId, deletedAt, version } = tombstone;
  const run = jobId === undefined ? {} : { job_id: jobId };
  return { pk: itemKey(tombstone), ...run, domain_id: domainId, deleted_at: deletedAt, version };
}

/** The tombstone of an item; undefined for one that holds a report. */
export function tombstoneOfItem(item: Readonly<Record<string, unknown>>): Tombstone | undefined {
  const { pk, job_id: jobId, domain_id: domainId, deleted_at: deletedAt, version } = item;
  if (typeof deletedAt !== 'string') return undefined;
  const run = typeof jobId === 'string' ? { jobId } : {};
  return {
    ...reportKeyOf(String(pk)),
    ...run,
    domainId: String(domainId),
    deletedAt,
    version: Number(version),
  };
}
