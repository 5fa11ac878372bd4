// ExchangeBreakers: a process tells how its circuit breakers stand and is told what to obey. For services themselves alone.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import { isUuid } from '../../../foundation/ids/ids.ts';
import { callingServiceOf } from '../../../foundation/rpc/caller.ts';
import type {
  BreakerService,
  ExchangeBreakersRequest,
} from '../../../proto/gen/domainflow/common/v1/breaker_service_pb.js';
import { ailingBreakers } from '../core/breaker.ts';
import type { BreakerStore, ProcessReport } from '../store/store.ts';
import { breakerMessage, forcedMessage, statesSent } from './breaker-wire.ts';

const serviceMax = 50;
const hostMax = 253;
const ailingMax = 100;

/** ExchangeBreakers. `permission_denied` for people and runs. */
export function exchangeBreakers(
  store: BreakerStore,
): ServiceImpl<typeof BreakerService>['exchangeBreakers'] {
  return async (request, context) => {
    if (!callingServiceOf(context).forItself) {
      throw new Fault('permission_denied', 'Only services themselves may tell of their circuit breakers');
    }
    const isKnown = await store.reportBreakers(reportSent(request));
    const [forced, reports] = await Promise.all([store.forcedBreakers(), store.ailingReports()]);
    const ailing = ailingBreakers(reports, ailingMax).map((each) =>
      breakerMessage({ ...each, processes: [] }),
    );
    return { isKnown, forced: forced.map(forcedMessage), ailing };
  };
}

function reportSent({
  processId,
  service,
  host,
  isUnchanged,
  states,
}: ExchangeBreakersRequest): ProcessReport {
  const violations = [
    ...(isUuid(processId) ? [] : [{ field: 'process_id', reason: 'must be a UUID' }]),
    ...(service.length >= 1 && service.length <= serviceMax
      ? []
      : [{ field: 'service', reason: `must be 1 to ${serviceMax} characters` }]),
    ...(host.length <= hostMax ? [] : [{ field: 'host', reason: `must be at most ${hostMax} characters` }]),
  ];
  if (violations.length > 0) throw invalidArgument(violations);
  return { processId, service, host, states: isUnchanged ? undefined : statesSent(states) };
}
