// SettleCall: says how a call of a model ended, so that budgets count what it cost.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import type { UsageService } from '../../../proto/gen/domainflow/registry/v1/usage_service_pb.js';
import { readCallEnd } from '../core/usage-call.ts';
import { ledgerRunOf } from './ledger-run.ts';
import type { UsageDeps } from './usage-deps.ts';
import { callEndSent } from './usage-wire.ts';

/** SettleCall. `not_found` for a reservation of another run; `invalid_argument` with every violated rule. */
export function settleCall({
  store,
  clock,
  metrics,
}: UsageDeps): ServiceImpl<typeof UsageService>['settleCall'] {
  return async (request, context) => {
    const { tenantId, jobId } = ledgerRunOf(context);
    const end = readCallEnd(callEndSent(request));
    const asked = { jobId, id: request.reservationId };
    const settled = await store.settleCall(tenantId, asked, { end, nowMs: clock() });
    if (!settled) throw notFound('reservation');
    if (settled.isNew) metrics.settled(tenantId, settled, end);
    return {};
  };
}
