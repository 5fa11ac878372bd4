// Remembers which documents could not be followed, so that each is tried again ever more rarely and none keeps the others waiting.
import type { Clock } from '../../../foundation/clock.ts';
import type { ReportKey } from '../core/report.ts';

const waitMsFirst = 1_000;
const waitMsMax = 60_000;
/** Documents that are remembered; beyond, the oldest is forgotten and tried at once. */
const rememberedMax = 1_000;

/** Documents that failed. */
export interface Failing {
  /** False until the next try of one that failed. */
  isDue(key: ReportKey): boolean;
  /** It failed once more. */
  note(key: ReportKey): void;
  /** It went well. */
  forget(key: ReportKey): void;
  /** How many are remembered, 1,000 at most. */
  count(): number;
}

/** None has failed yet. */
export function createFailing(clock: Clock): Failing {
  const tries = new Map<string, { readonly waitMs: number; readonly dueMs: number }>();
  const nameOf = ({ tenantId, incidentId }: ReportKey): string => `${tenantId} ${incidentId}`;
  return {
    isDue: (key) => clock() >= (tries.get(nameOf(key))?.dueMs ?? 0),
    note(key) {
      const name = nameOf(key);
      const waitMs = Math.min((tries.get(name)?.waitMs ?? waitMsFirst / 2) * 2, waitMsMax);
      tries.delete(name);
      const [oldest] = tries.keys();
      if (tries.size >= rememberedMax && oldest !== undefined) tries.delete(oldest);
      tries.set(name, { waitMs, dueMs: clock() + waitMs });
    },
    forget: (key) => void tries.delete(nameOf(key)),
    count: () => tries.size,
  };
}
