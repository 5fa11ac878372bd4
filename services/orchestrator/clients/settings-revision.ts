// What names the present settings of a run's tenant, as the registry tells it. It is kept for as long as the registry would tell of a change,
// so that a task costs no call.
import type { Clock } from '../../../foundation/clock.ts';
import type { Closing } from '../../../foundation/process/closing.ts';
import { callWith } from '../../../foundation/rpc/caller.ts';
import { logInterruptions } from '../../../foundation/rpc/interruption-log.ts';
import { createWatchedCache, type WatchedCache } from '../../../foundation/rpc/watched-cache.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import type { MeshClients } from './mesh-clients.ts';
import type { RunCalls } from './run-calls.ts';

/** Never throws; empty for a tenant that has set nothing, undefined when it cannot be told in a second. */
export type ReadSettings = (execution: StoredExecution) => Promise<string | undefined>;

/** What reading needs. */
export interface ReadSettingsDeps extends Pick<MeshClients, 'tenants' | 'changes'> {
  readonly callsOf: RunCalls;
  /** Mints tokens of the service itself, which alone may watch. */
  readonly ownToken: () => string;
  readonly clock: Clock;
  readonly log: Log;
  readonly closing: Closing;
}

const timeoutMs = 1_000;
/** Tenants of which the revision is kept. */
const tenantsMax = 10_000;
/** How long one stream of news lasts, in milliseconds. */
const watchMs = 10 * 60_000;

/** Reads under the identity of whichever run asks first, and watches for changes until it is closed. */
export function createReadSettings(deps: ReadSettingsDeps): ReadSettings {
  const { tenants, callsOf, closing } = deps;
  const kept = keep(deps);
  closing.add('settings of tenants', () => kept.close());
  return async (execution) => {
    const { tenantId } = execution;
    const load = async (): Promise<string> =>
      (await tenants.getTenantSettings({}, callsOf(execution, { timeoutMs }))).revision;
    const tags = [{ tenantId, entityType: 'tenant_settings' }];
    try {
      return await kept.get(tenantId, { tags, load });
    } catch {
      return undefined; // whoever asks goes on without it
    }
  };
}

function keep({ changes, ownToken, clock, log }: ReadSettingsDeps): WatchedCache {
  return createWatchedCache({
    watch: (signal) => changes.watchChanges({}, callWith({ token: ownToken(), timeoutMs: watchMs, signal })),
    clock,
    sizeMax: tenantsMax,
    onInterrupted: logInterruptions(log),
  });
}
