// The statuses of reports as states of cases. A report that was only read has none yet, whatever the platform calls it.

import { type Group, mergeGroups } from './groups.ts';

/** How a report is called that nobody has taken up. */
export const notTakenUp = 'not taken up';

const untouchedStatuses = new Set(['processing', 'completed', 'failed']);
const doneStatuses = new Set(['resolved', 'closed']);

/** The groups by state of the case, those that nobody has taken up as one; largest first. */
export function caseStatuses(statuses: readonly Group[]): Group[] {
  return mergeGroups(statuses, (status) => (untouchedStatuses.has(status) ? notTakenUp : status));
}

/** Whether the case is at its end. */
export function isDone({ key }: Group): boolean {
  return doneStatuses.has(key);
}
