// The refusal to delete what is in use, as the API tells it: a 409 with `used_by` beside the members of every problem.
import { Fault } from '../../foundation/fault/fault.ts';
import { HttpProblem } from '../http/http-problem.ts';

/** Waits for a deletion. A refusal that names users is told with a list of them; every other one is passed on as it is. */
export async function deletionOf<T>(deletion: Promise<T>): Promise<T> {
  try {
    return await deletion;
  } catch (error) {
    throw inUseProblem(error) ?? error;
  }
}

// The registry names each user in a violation of its own, in `used_by[0]` and so on.
function inUseProblem(error: unknown): HttpProblem | undefined {
  if (!(error instanceof Fault) || error.reason !== 'failed_precondition') return undefined;
  const { message, violations } = error;
  const users = violations.filter(({ field }) => field.startsWith('used_by['));
  if (users.length === 0) return undefined;
  const extensions = { used_by: users.map(({ reason }) => reason) };
  return new HttpProblem(409, message, { violations, extensions, cause: error });
}
