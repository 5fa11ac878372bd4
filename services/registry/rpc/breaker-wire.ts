// Circuit breakers between messages and the core.
import { create } from '@bufbuild/protobuf';
import { durationFromMs, timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { invalidArgument, type Violation } from '../../../foundation/fault/fault.ts';
import { modeRead, modesSent } from '../../../foundation/rpc/tell-breakers.ts';
import {
  type Breaker as BreakerMessage,
  BreakerSchema,
  BreakerStateSchema,
  ForcedBreakerSchema,
  type ForcedBreaker as ForcedMessage,
  type BreakerState as StateMessage,
} from '../../../proto/gen/domainflow/common/v1/breaker_pb.js';
import type { Breaker, BreakerOfProcess, BreakerState, ForcedBreaker } from '../core/breaker.ts';

const statesMax = 2_500;
const nameMax = 300;

/** States that were sent. Fault `invalid_argument` with everything that is wrong with them. */
export function statesSent(messages: readonly StateMessage[]): readonly BreakerState[] {
  if (messages.length > statesMax) {
    throw invalidArgument([{ field: 'states', reason: `must be at most ${statesMax}` }]);
  }
  const violations: Violation[] = [];
  const states = messages.map((message, at) => stateSent(message, `states[${at}]`, violations));
  if (violations.length > 0) throw invalidArgument(violations);
  return states;
}

function stateSent(message: StateMessage, field: string, violations: Violation[]): BreakerState {
  const { name: key, inARow, isForced, since, openUntil } = message;
  const mode = modeRead(message.mode);
  if (key.length < 1 || key.length > nameMax) {
    violations.push({ field: `${field}.name`, reason: `must be 1 to ${nameMax} characters` });
  }
  if (!mode) violations.push({ field: `${field}.mode`, reason: 'must be given' });
  if (!since) violations.push({ field: `${field}.since`, reason: 'must be given' });
  const times = {
    sinceMs: since ? timestampMs(since) : 0,
    ...(openUntil && { openUntilMs: timestampMs(openUntil) }),
  };
  return { key, mode: mode ?? 'closed', inARow, isForced, ...times };
}

/** Breakers of a name as they are sent. */
export function breakerMessage({ name, mode, processes }: Breaker): BreakerMessage {
  const sent = processes.map(({ state, ...process }: BreakerOfProcess) => ({
    ...process,
    state: stateMessage(name, state),
  }));
  return create(BreakerSchema, { name, mode: modesSent[mode], processes: sent });
}

function stateMessage(name: string, state: BreakerState): StateMessage {
  const { mode, sinceMs, openUntilMs, inARow, isForced } = state;
  return create(BreakerStateSchema, {
    ...{ name, mode: modesSent[mode], inARow, isForced, since: timestampFromMs(sinceMs) },
    ...(openUntilMs !== undefined && { openUntil: timestampFromMs(openUntilMs) }),
  });
}

/** What was asked for as it is sent. */
export function forcedMessage({ id, key, mode, agoMs }: ForcedBreaker): ForcedMessage {
  const ago = durationFromMs(Math.round(agoMs));
  return create(ForcedBreakerSchema, { id, name: key, mode: modesSent[mode], ago });
}
