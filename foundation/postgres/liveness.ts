// Whether an idle connection still reaches its server, asked before it is handed out: it may have broken without a sign on this side.
import type { PoolClient } from 'pg';
import type { Connection } from './connection.ts';

/** A connection that was used within this time is handed out unasked, so that a busy pool pays no round trip for it. */
export const trustedMs = 1_000;

/** A connection that has not answered within this time is broken, unless the pool's options say otherwise. */
export const answerTimeoutMsDefault = 2_000;

/** Knows when each connection was last heard from. */
export interface Liveness {
  /** The connection was heard from: it has just logged in, or its holder gives it back. */
  used(client: PoolClient): void;
  /**
   * False when the connection is to be replaced. Once one does not answer, the way to the server is in doubt: those that were
   * last used before are replaced without asking, since each might keep its caller waiting.
   */
  isFit(client: PoolClient, connection: Connection): Promise<boolean>;
}

/** A memory of connections that keeps none of them alive. */
export function createLiveness(nowMs: () => number, answerTimeoutMs = answerTimeoutMsDefault): Liveness {
  const lastUsedMs = new WeakMap<PoolClient, number>();
  let doubtedUntilMs = Number.NEGATIVE_INFINITY;
  return {
    used: (client) => void lastUsedMs.set(client, nowMs()),
    isFit: async (client, connection) => {
      const usedMs = lastUsedMs.get(client) ?? Number.NEGATIVE_INFINITY;
      if (usedMs < doubtedUntilMs) return false;
      if (nowMs() - usedMs < trustedMs) return true;
      const fit = await answers(connection, answerTimeoutMs);
      if (!fit) doubtedUntilMs = nowMs();
      return fit;
    },
  };
}

async function answers(connection: Connection, timeoutMs: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), timeoutMs);
  const answered = connection.command('').then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
}
