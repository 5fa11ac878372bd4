// Tells over the mesh how the circuit breakers of this process stand, and reads what it is to obey.
import { durationMs, timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { Transport } from '@connectrpc/connect';
import { type ForcedBreaker, BreakerMode as Mode } from '../../proto/gen/domainflow/common/v1/breaker_pb.js';
import { BreakerService } from '../../proto/gen/domainflow/common/v1/breaker_service_pb.js';
import type { BreakerState, ForcedMode } from '../breaker/breaker-board.ts';
import {
  type BreakerExchange,
  type ExchangeBreakers,
  exchangeBreakers,
} from '../breaker/breaker-exchange.ts';
import type { BreakerMode } from '../breaker/breaker-rules.ts';
import type { Closing } from '../process/closing.ts';
import { callWith } from './caller.ts';
import { createMeshClient } from './mesh-client.ts';

/** Modes as messages have them. */
export const modesSent: Readonly<Record<BreakerMode, Mode>> = {
  closed: Mode.CLOSED,
  open: Mode.OPEN,
  half_open: Mode.HALF_OPEN,
};

const timeoutMs = 2_000;

/** Whom is told, and by whom. */
export interface TellBreakers {
  /** To the service that knows all breakers, not behind a breaker itself: how else could that be closed. */
  readonly transport: Transport;
  /** Mints tokens with which the process speaks for itself. */
  readonly token: () => string;
  /** Given the breakers of the platform that are not closed in some process, by name; with every answer. */
  readonly onAiling?: ((ailing: ReadonlyMap<string, BreakerMode>) => void) | undefined;
}

/** A process that tells. */
export interface BreakerTelling extends TellBreakers, Omit<BreakerExchange, 'exchange'> {
  readonly closing: Closing;
}

/** Tells from now on, until the process closes. */
export function keepTellingBreakers({ closing, ...telling }: BreakerTelling): void {
  closing.add('exchange of breakers', exchangeBreakers({ ...telling, exchange: tellBreakers(telling) }));
}

/** An exchange over the mesh; it throws Faults. */
export function tellBreakers({ transport, token, onAiling }: TellBreakers): ExchangeBreakers {
  const client = createMeshClient(BreakerService, transport);
  return async ({ states, ...process }) => {
    const told = { ...process, isUnchanged: states === undefined, states: (states ?? []).map(stateMessage) };
    const answer = await client.exchangeBreakers(told, callWith({ token: token(), timeoutMs }));
    const ailing = answer.ailing.flatMap(({ name, mode }) => {
      const read = modeRead(mode);
      return read ? [[name, read] as const] : [];
    });
    onAiling?.(new Map(ailing));
    return { isKnown: answer.isKnown, forced: answer.forced.flatMap(forcedOf) };
  };
}

/** A mode that was received; undefined for one that this release does not know. */
export function modeRead(mode: Mode): BreakerMode | undefined {
  if (mode === Mode.CLOSED) return 'closed';
  if (mode === Mode.OPEN) return 'open';
  return mode === Mode.HALF_OPEN ? 'half_open' : undefined;
}

function stateMessage({ key, mode, sinceMs, openUntilMs, inARow, isForced }: BreakerState) {
  const until = openUntilMs === undefined ? {} : { openUntil: timestampFromMs(openUntilMs) };
  return { name: key, mode: modesSent[mode], since: timestampFromMs(sinceMs), inARow, isForced, ...until };
}

function forcedOf({ id, name: key, mode, ago }: ForcedBreaker): ForcedMode[] {
  const read = modeRead(mode);
  return read ? [{ id, key, mode: read, agoMs: ago ? durationMs(ago) : 0 }] : [];
}
