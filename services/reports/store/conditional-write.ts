// A conditional write as an answer: whether its condition held.
import { isConditionFailed } from '../../../foundation/dynamodb/dynamodb-fault.ts';

/** False when the condition of the write did not hold; every other failure is thrown. */
export async function unlessConditionFails(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}
