// The ledger between messages and the core.
import { create } from '@bufbuild/protobuf';
import { type Timestamp, timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import {
  UsageGrouping as GroupingMessage,
  CallOutcome as OutcomeMessage,
  type UsageGroup,
  UsageGroupSchema,
} from '../../../proto/gen/domainflow/registry/v1/usage_pb.js';
import type {
  GetUsageRequest,
  ReserveCallRequest,
  SettleCallRequest,
} from '../../../proto/gen/domainflow/registry/v1/usage_service_pb.js';
import type { CallEndSent, CallOutcome, UsageCallSent } from '../core/usage-call.ts';
import { decimalOf } from '../core/usage-money.ts';
import type { UsageRange } from '../core/usage-period.ts';
import type { UsageGrouping, UsageSum } from '../core/usage-sum.ts';

const secondsOfYear1 = -62_135_596_800n;
const secondsOfYear10000 = 253_402_300_800n;

/** A call as it was received. */
export function usageCallSent(request: ReserveCallRequest): UsageCallSent {
  const { jobId = '', taskId = '', attempt = 0, number = 0 } = request.call ?? {};
  const { agentId, agentVersion, domainId, provider, model, inputTokensEstimate, outputTokensMax, price } =
    request;
  return {
    reservationId: request.reservationId,
    ...{ jobId, taskId, attempt, number, agentId, agentVersion, domainId, provider, model },
    ...{ inputTokensEstimate, outputTokensMax, price },
  };
}

/** An outcome; undefined for one that nobody knows. */
function callOutcomeOf(outcome: OutcomeMessage): CallOutcome | undefined {
  switch (outcome) {
    case OutcomeMessage.SUCCEEDED:
      return 'succeeded';
    case OutcomeMessage.FAILED:
      return 'failed';
    case OutcomeMessage.NOT_SENT:
      return 'not_sent';
    default:
      return undefined;
  }
}

/** The end of a call as it was received. */
export function callEndSent(request: SettleCallRequest): CallEndSent {
  const { inputTokens: input, outputTokens: output, cachedInputTokens: cachedInput } = request;
  const tokens = { input, output, cachedInput };
  return { outcome: callOutcomeOf(request.outcome), tokens, estimated: request.tokensEstimated };
}

/** What is summed up by; by agent unless it says otherwise. Undefined for what nobody knows. */
export function groupingOf(grouping: GroupingMessage): UsageGrouping | undefined {
  switch (grouping) {
    case GroupingMessage.UNSPECIFIED:
    case GroupingMessage.AGENT:
      return 'agent';
    case GroupingMessage.DOMAIN:
      return 'domain';
    case GroupingMessage.MODEL:
      return 'model';
    case GroupingMessage.DAY:
      return 'day';
    default:
      return undefined;
  }
}

/** The ends that a question names; not a number for times outside the years 1 to 9999. */
export function rangeSent({ from, to }: GetUsageRequest): Partial<UsageRange> {
  return { ...(from ? { fromMs: msOf(from) } : {}), ...(to ? { toMs: msOf(to) } : {}) };
}

function msOf(timestamp: Timestamp): number {
  const isWithin = timestamp.seconds >= secondsOfYear1 && timestamp.seconds < secondsOfYear10000;
  return isWithin ? timestampMs(timestamp) : Number.NaN;
}

/** The ends of a range as messages. */
export function rangeMessage({ fromMs, toMs }: UsageRange): {
  readonly from: Timestamp;
  readonly to: Timestamp;
} {
  return { from: timestampFromMs(fromMs), to: timestampFromMs(toMs) };
}

/** A sum as it is sent. */
export function usageGroupMessage({ currency, money, ...sum }: UsageSum): UsageGroup {
  return create(UsageGroupSchema, { ...sum, currency, money: currency === '' ? '' : decimalOf(money) });
}
