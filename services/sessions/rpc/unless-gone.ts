// What deletions make of something that is not there: nothing is left to do.
import { Fault } from '../../../foundation/fault/fault.ts';

/** What is read, or undefined instead of the fault `not_found`. */
export async function unlessGone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Fault && error.reason === 'not_found') return undefined;
    throw error;
  }
}
