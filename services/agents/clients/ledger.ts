// The ledger of model calls as the runtimes see it: a call is written down before it is made, and how it ended afterwards. It decides
// nothing about budgets.
import type { CallOptions } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
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
  /** AttemptFailed `budget_exceeded` when a hard budget does not allow the call; other Faults pass through, and then it may not be made. */
  reserve(call: PlannedCall, options: CallOptions): Promise<Reservation>;
}

/** Time for settling a call, in milliseconds. It is taken even when the time of the attempt is up. */
const settleMs = 5_000;

const outcomes: Readonly<Record<CallEnd, CallOutcome>> = {
  succeeded: CallOutcome.SUCCEEDED,
  failed: CallOutcome.FAILED,
  not_sent: CallOutcome.NOT_SENT,
};

/** The ledger of the registry. */
export function createLedger(usage: MeshClients['usage']): Ledger {
  return {
    reserve: async (call, options) => {
      const { reservationId, warnings } = await reserve(usage, call, options);
      const { signal: _, ...untilSettled } = options;
      return {
        warnings: warnings.map(({ message }) => message),
        settle: async (end, { input, output, cachedInput }) => {
          const tokens = { inputTokens: input, outputTokens: output, cachedInputTokens: cachedInput };
          const settled = { reservationId, outcome: outcomes[end], ...tokens };
          await usage.settleCall(settled, { ...untilSettled, timeoutMs: settleMs });
        },
      };
    },
  };
}

async function reserve(usage: MeshClients['usage'], planned: PlannedCall, options: CallOptions) {
  const { key, number, price, ...call } = planned;
  try {
    return await usage.reserveCall(
      { ...call, call: { ...key, number }, ...(price ? { price: priceWire(price) } : {}) },
      options,
    );
  } catch (error) {
    const isBudget =
      error instanceof Fault && error.violations.some(({ field }) => field.startsWith('budgets.'));
    if (!isBudget) throw error;
    throw new AttemptFailed({ code: 'budget_exceeded', message: error.message });
  }
}

function priceWire({ cachedInputPerMillion = '', ...price }: ModelPrice) {
  return { ...price, cachedInputPerMillion };
}
