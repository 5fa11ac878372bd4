// Calls of models for tests of the ledger: a call with everything that it needs, and its reservation and end as a run asks for them.
import type { CallOptions } from '@connectrpc/connect';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import { CallOutcome } from '../../../proto/gen/domainflow/registry/v1/usage_pb.js';
import type { RegistryForTest } from '../app.for-test.ts';

/** 1 EUR for a million tokens of input, 2 for a million of output. */
export const priceForTest = { version: 'test', currency: 'EUR', inputPerMillion: '1', outputPerMillion: '2' };

/** A call that costs 2 EUR at most, unless the changes say otherwise. */
export const callForTest = {
  agentId: 'agent-1',
  agentVersion: 1,
  domainId: 'roads',
  provider: 'any',
  model: 'model',
  inputTokensEstimate: 0,
  outputTokensMax: 1_000_000,
  price: priceForTest,
};

/** A run that calls models. */
export interface RunForTest {
  readonly jobId: string;
  readonly options: CallOptions;
  /** Reserves a call of its own; `changes` may hold `call` with another key. */
  reserve(
    changes?: object,
  ): Promise<{ readonly reservationId: string; readonly warnings: readonly { budget: string }[] }>;
  /** Settles as succeeded with so many tokens of output. */
  settle(reservationId: string, outputTokens: number, changes?: object): Promise<unknown>;
}

/** A new run of the principal. */
export function newRun(registry: RegistryForTest, principal: Principal): RunForTest {
  const jobId = prefixedId('job_', newId());
  const options = registry.as({ ...principal, run: { runId: jobId, capability: 'query', writeTarget: '' } });
  return {
    jobId,
    options,
    reserve: (changes = {}) => {
      const call = { jobId, taskId: newId(), attempt: 1, number: 1 };
      const reservationId = newId();
      return registry.usage.reserveCall({ call, reservationId, ...callForTest, ...changes }, options);
    },
    settle: (reservationId, outputTokens, changes = {}) =>
      registry.usage.settleCall(
        { reservationId, outcome: CallOutcome.SUCCEEDED, outputTokens, ...changes },
        options,
      ),
  };
}

/** Stores budgets as the tenant's only settings. */
export async function setBudgets(
  registry: RegistryForTest,
  principal: Principal,
  budgets: object,
): Promise<void> {
  await registry.tenants.updateTenantSettings({ settings: { budgets } }, registry.as(principal));
}
