// The ledger of model calls under its port. Reservations and ends of calls, sums over them and their removal are in files of their own.
import { isUuid } from '../../../foundation/ids/ids.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import { reserveCall } from './reserve-call.ts';
import { settleCall } from './settle-call.ts';
import { findUsageBounds } from './usage-bounds.ts';
import { findCallHistory } from './usage-history.ts';
import type { UsageStore } from './usage-store.ts';
import { sumUsage } from './usage-sums.ts';

/** Keeps the ledger in PostgreSQL. */
export function createUsageStatements(postgres: Postgres): UsageStore {
  return {
    reserveCall: (tenantId, call, nowMs) =>
      postgres.tenantTransaction(tenantId, (client) => reserveCall(client, { tenantId, call, nowMs })),
    settleCall: async (tenantId, reserved, { end, nowMs }) => {
      if (!isUuid(reserved.id)) return undefined;
      return postgres.tenantTransaction(tenantId, (client) =>
        settleCall(client, { tenantId, ...reserved, end, nowMs }),
      );
    },
    sumUsage: (tenantId, asked) =>
      postgres.tenantRead(tenantId, (client) => sumUsage(client, tenantId, asked)),
    findCallHistory: (tenantId, asked) =>
      postgres.tenantRead(tenantId, (client) => findCallHistory(client, tenantId, asked)),
    findTimeZone: async (tenantId) => {
      const bounds = await postgres.tenantRead(tenantId, (client) => findUsageBounds(client, tenantId));
      return bounds?.timeZone ?? '';
    },
    removeOldUsage: async (before, rowsMax) => {
      const { rows } = await postgres.query<{ readonly removed: number }>({
        name: 'registry.remove_old_usage',
        text: 'select registry.remove_old_usage($1, $2) as removed',
        values: [before, rowsMax],
      });
      return rows[0]?.removed ?? 0;
    },
  };
}
