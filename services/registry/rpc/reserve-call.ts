// ReserveCall: writes a call of a model down before it is made, and refuses it when a hard budget forbids it.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { UsageService } from '../../../proto/gen/domainflow/registry/v1/usage_service_pb.js';
import type { PassedBudget } from '../core/budget-verdict.ts';
import { readUsageCall } from '../core/usage-call.ts';
import { ledgerRunOf } from './ledger-run.ts';
import { unknownTenant } from './tenant-principal.ts';
import type { UsageDeps } from './usage-deps.ts';
import { usageCallSent } from './usage-wire.ts';

/**
 * ReserveCall. `permission_denied` for a job that is not the token's run; `resource_exhausted` with every hard budget that forbids the
 * call; `already_exists` when the reservation is that of another call; `invalid_argument` with every violated rule.
 */
export function reserveCall({
  store,
  clock,
  metrics,
  log,
}: UsageDeps): ServiceImpl<typeof UsageService>['reserveCall'] {
  return async (request, context) => {
    const { tenantId, jobId } = ledgerRunOf(context);
    const sent = usageCallSent(request);
    if (sent.jobId !== jobId) {
      throw new Fault('permission_denied', 'The token is not that of the run in call.job_id');
    }
    const call = readUsageCall(sent);
    const reserved = await store.reserveCall(tenantId, call, clock()).catch((error: unknown) => {
      if (error instanceof Fault && error.reason === 'resource_exhausted') metrics.refused(error.violations);
      throw error;
    });
    if (!reserved) throw unknownTenant();
    for (const { budget } of reserved.passed.filter(({ isNew }) => isNew)) {
      log.warn({ tenant_id: tenantId, job_id: jobId, budget }, 'A soft budget is passed');
    }
    return { reservationId: reserved.id, warnings: reserved.passed.map(warningMessage) };
  };
}

function warningMessage({ budget, message }: PassedBudget) {
  return { budget, message };
}
