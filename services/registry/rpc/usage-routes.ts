// The methods of the service for the ledger of model calls.
import type { ServiceImpl } from '@connectrpc/connect';
import type { UsageService } from '../../../proto/gen/domainflow/registry/v1/usage_service_pb.js';
import { getCallHistory } from './get-call-history.ts';
import { getUsage } from './get-usage.ts';
import { reserveCall } from './reserve-call.ts';
import { settleCall } from './settle-call.ts';
import type { UsageDeps } from './usage-deps.ts';

/** Methods of the service for usage. */
export function usageRoutes(deps: UsageDeps): ServiceImpl<typeof UsageService> {
  return {
    reserveCall: reserveCall(deps),
    settleCall: settleCall(deps),
    getUsage: getUsage(deps),
    getCallHistory: getCallHistory(deps),
  };
}
