// GetCallHistory: what the newest tasks of agents have used in the caller's tenant.
import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import {
  AgentCallHistorySchema,
  type AgentCallHistory as HistoryMessage,
} from '../../../proto/gen/domainflow/registry/v1/usage_pb.js';
import type { UsageService } from '../../../proto/gen/domainflow/registry/v1/usage_service_pb.js';
import { type AgentCallHistory, readHistoryAsked, type TaskUse } from '../core/call-history.ts';
import { decimalOf } from '../core/usage-money.ts';
import { tenantPrincipal } from './tenant-principal.ts';
import type { UsageDeps } from './usage-deps.ts';

/** GetCallHistory. `invalid_argument` with every violated rule. */
export function getCallHistory({ store }: UsageDeps): ServiceImpl<typeof UsageService>['getCallHistory'] {
  return async (request, context) => {
    const { tenantId } = tenantPrincipal(context);
    const histories = await store.findCallHistory(tenantId, readHistoryAsked(request));
    return { agents: histories.map(historyMessage) };
  };
}

function historyMessage({ version, tasks, from, to, models }: AgentCallHistory): HistoryMessage {
  return create(AgentCallHistorySchema, {
    ...{ version, tasks: tasks.map(useMessage), models: [...models] },
    ...(from ? { from: timestampFromDate(from) } : {}),
    ...(to ? { to: timestampFromDate(to) } : {}),
  });
}

function useMessage({ money, currency = '', ...use }: TaskUse) {
  return { ...use, currency, money: money === undefined ? '' : decimalOf(money) };
}
