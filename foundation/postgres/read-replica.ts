// Reads on a replica, everything else on the primary. While the replica is away, or too far from what a read needs, the primary answers.
import { Fault } from '../fault/fault.ts';
import type { Postgres } from './pool.ts';

/** Told of each read that the primary answered in the replica's place, with the replica's error. Must not throw. */
export type OnFallback = (error: Fault) => void;

/**
 * `tenantRead` goes to the replica unless it is to be fresh; a replica lags behind, so it may not show what was just written.
 * `query`, transactions and `ping` go to the primary: being ready does not depend on the replica.
 */
export function withReadReplica(primary: Postgres, replica: Postgres, onFallback: OnFallback): Postgres {
  return {
    ...primary,
    tenantRead: async (tenantId, work, options = {}) => {
      if (options.fresh) return primary.tenantRead(tenantId, work);
      try {
        return await replica.tenantRead(tenantId, work);
      } catch (error) {
        if (!mayAnswerElsewhere(error)) throw error;
        onFallback(error);
        return await primary.tenantRead(tenantId, work);
      }
    },
    close: async () => {
      await Promise.all([replica.close(), primary.close()]);
    },
  };
}

/** `aborted` is how a standby says that replaying its primary's changes ended the read. */
function mayAnswerElsewhere(error: unknown): error is Fault {
  return error instanceof Fault && (error.reason === 'unavailable' || error.reason === 'aborted');
}
