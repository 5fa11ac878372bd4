// Writes that are made for the version that their caller has read.
import { Fault } from '../../../foundation/fault/fault.ts';

/** Fault `aborted` unless the newest version is the expected one; 0 expects any. `newest` is undefined where there is none. */
export function requireVersion(expected: number, newest: number | undefined): void {
  if (expected === 0 || expected === newest) return;
  const found = newest === undefined ? 'It is not there' : `It has version ${newest} by now`;
  throw new Fault('aborted', `${found}: read it again`);
}
