// The ledger of model calls as the runtimes see it: a call is written down before it is made, and how it ended afterwards. It decides
// nothing about budgets.
import type { CallOptions } from '@connectrpc/connect';
import { Fault, type FaultReason } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { CallOutcome } from '../../../proto/gen/domainflow/registry/v1/usage_pb.js';
import type { AttemptKey } from '../core/invocation.ts';
import { AttemptFailed } from '../core/invocation-failure.ts';
import type { ModelPrice } from '../core/model/model-settings.ts';
import type { MeshClients } from './mesh-clients.ts';

/** A call that is about to be made. */
export interface PlannedCall {
  readonly key: AttemptKey;
  /** Of the call within the attempt, from 1. */
  readonly number: number;
  readonly agentId: string;
  readonly agentVersion: number;
  /** Empty for runs without a domain. */
  readonly domainId: string;
  readonly provider: string;
  readonly model: string;
  readonly inputTokensEstimate: number;
  readonly outputTokensMax: number;
  /** Absent when it is not known. */
  readonly price?: ModelPrice | undefined;
}

/** What a call used. */
export interface TokenUse {
  /** Cached ones included. */
  readonly input: number;
  readonly output: number;
  readonly cachedInput: number;
  /** True where they are a guess, since the provider did not tell its count. */
  readonly estimated: boolean;
}

/** How a call ended: answered, sent without an answer, or never sent. */
export type CallEnd = 'succeeded' | 'failed' | 'not_sent';

/** A call that was written down. */
export interface Reservation {
  /** Sentences on soft budgets that are passed. */
  readonly warnings: readonly string[];
  /** Writes down how it ended. Faults of the registry pass through; unsettled, the call counts as uncertain. */
  settle(end: CallEnd, use: TokenUse): Promise<void>;
}

/** Writes calls down. */
export interface Ledger {
  /**
   * AttemptFailed `budget_exceeded` when a hard budget does not allow the call; other Faults pass through, and the reason of the signal that
   * ended it, and then the call may not be made. What may have been written down by then is settled as never sent.
   */
  reserve(call: PlannedCall, options: CallOptions): Promise<Reservation>;
}

/** The longest time for reserving a call, in milliseconds: a reservation is not ended by the signal, so that what is written down is known. */
const reserveMsMax = 10_000;

/** Time for settling a call, in milliseconds. It is taken even when the time of the attempt is up. */
const settleMs = 5_000;

/** With these nothing was written down. */
const refusals: ReadonlySet<FaultReason> = new Set([
  ...(['invalid_argument', 'unauthenticated', 'permission_denied', 'resource_exhausted'] as const),
  'already_exists',
]);

const unused: TokenUse = { input: 0, output: 0, cachedInput: 0, estimated: false };

const outcomes: Readonly<Record<CallEnd, CallOutcome>> = {
  succeeded: CallOutcome.SUCCEEDED,
  failed: CallOutcome.FAILED,
  not_sent: CallOutcome.NOT_SENT,
};

/** The ledger of the registry. */
export function createLedger(usage: MeshClients['usage']): Ledger {
  return {
    reserve: async (call, { signal, ...options }) => {
      const reservationId = newId();
      const settle = settling(usage, reservationId, options);
      const timeoutMs = Math.min(options.timeoutMs ?? reserveMsMax, reserveMsMax);
      try {
        const { warnings } = await reserve(usage, { call, reservationId }, { ...options, timeoutMs });
        signal?.throwIfAborted();
        return { warnings: warnings.map(({ message }) => message), settle };
      } catch (error) {
        // Where nothing is written down yet, the registry knows of no reservation.
        if (!isRefusal(error)) await settle('not_sent', unused).catch(() => undefined);
        throw asBudgetFailure(error);
      }
    },
  };
}

function settling(
  usage: MeshClients['usage'],
  reservationId: string,
  options: CallOptions,
): Reservation['settle'] {
  return async (end, { input, output, cachedInput, estimated }) => {
    const tokens = { inputTokens: input, outputTokens: output, cachedInputTokens: cachedInput };
    const told = { outcome: outcomes[end], ...tokens, tokensEstimated: estimated };
    await usage.settleCall({ reservationId, ...told }, { ...options, timeoutMs: settleMs });
  };
}

interface Reserving {
  readonly call: PlannedCall;
  readonly reservationId: string;
}

async function reserve(
  usage: MeshClients['usage'],
  { call: { key, number, price, ...call }, reservationId }: Reserving,
  options: CallOptions,
) {
  const priced = price ? { price: priceWire(price) } : {};
  return usage.reserveCall({ ...call, reservationId, call: { ...key, number }, ...priced }, options);
}

function isRefusal(error: unknown): boolean {
  return error instanceof Fault && refusals.has(error.reason);
}

function asBudgetFailure(error: unknown): unknown {
  const isBudget =
    error instanceof Fault && error.violations.some(({ field }) => field.startsWith('budgets.'));
  return isBudget ? new AttemptFailed({ code: 'budget_exceeded', message: error.message }) : error;
}

function priceWire({ cachedInputPerMillion = '', ...price }: ModelPrice) {
  return { ...price, cachedInputPerMillion };
}
