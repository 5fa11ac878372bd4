// A run that is set aside: it cannot be gone on with as it is recorded, and nobody holds it until it is tried again. What people are told.
import { Fault } from '../../../foundation/fault/fault.ts';
import type { StoredExecution } from './execution-record.ts';

/** What the row of such a run says in `error`; no other parked run has one. */
export const setAsideError =
  'The run was set aside: it cannot be gone on with as it is recorded. It is tried again every ten minutes';

/** True for a run that is set aside. */
export function isSetAside({ isParked, error }: Pick<StoredExecution, 'isParked' | 'error'>): boolean {
  return isParked && error !== '';
}

/** What who asks something of such a run is told. */
export function isSetAsideFault(): Fault {
  const message = `${setAsideError}, and what was asked is carried out as soon as it can be`;
  return new Fault('unavailable', message, { retryAfterMs: 600_000 });
}
