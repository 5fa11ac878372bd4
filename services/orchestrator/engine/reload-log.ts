// Tells operators that executions are read again from their journals: when the database goes, a thousand are in one moment, and one line with
// their number says as much as a thousand lines.
import type { Log } from '../../../foundation/telemetry/log.ts';

/** What is gathered for one line, in milliseconds. */
const gatherMs = 1_000;

/** Notes that an execution is read again, and why. */
export type NoteReload = (executionId: string, error: unknown) => void;

/** Nothing is noted yet. A line shows the first execution and reason of its interval. */
export function createReloadLog(log: Log): NoteReload {
  let count = 0;
  return (executionId, err) => {
    count += 1;
    if (count > 1) return;
    const tell = (): void => {
      log.warn({ err, execution_id: executionId, count }, 'Executions are read again from their journals');
      count = 0;
    };
    setTimeout(tell, gatherMs).unref();
  };
}
