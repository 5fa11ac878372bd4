// Carries gates on, turn by turn, until every row has been run. A gate outlives the process that recorded it: its claim runs out, and the next
// process goes on.
import { type BoundedCache, createBoundedCache } from '../../../foundation/cache/bounded-cache.ts';
import { asFault } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { repeat } from '../../../foundation/process/repeat.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import { type GateSpec, shadowRunsMax } from '../core/gate.ts';
import { gateIdOf } from '../core/public-id.ts';
import type { ClaimedGate, GateChange, GateQueue } from '../store/store.ts';
import { isPassing } from './effects/effect-deps.ts';
import { type GateTurnDeps, takeGateTurn } from './gate-turn.ts';

/** How long a claim holds, in milliseconds: longer than a turn takes with every call at its limit. */
const leaseMs = 15_000;
const lookMs = 200;
/** Gates that one process works on at the same time. */
const turnsMax = 8;
/** A turn that has failed so often in a row ends the gate: some ten minutes. */
const failuresMax = 25;
const retryMsFirst = 500;
const retryMsMax = 30_000;

/** Gates whose specification is kept at hand. */
const specsMax = 16;

const forgetIntervalMs = 3_600_000;
const forgetBatch = 100;
const forgetBatchesMax = 1_000;

/** What carrying gates on needs. */
export interface GatesDeps extends Omit<GateTurnDeps, 'runsMax'> {
  /** Executions that a tenant may have running. */
  readonly executionsPerTenantMax: number;
  readonly keptDays: number;
  readonly log: Log;
}

/** Looks for gates that are due, at once and then again and again; answers how to stop, which lets turns under way end. */
export function beginGates(deps: GatesDeps): () => Promise<void> {
  const { queue, log, keptDays } = deps;
  const runsMax = shadowRunsFor(deps.executionsPerTenantMax);
  const specs = createBoundedCache<GateSpec>({ weightMax: specsMax, weightOf: () => 1 });
  const look = async (): Promise<void> => {
    const claimed = await queue.claim({ claim: newId(), leaseMs }, turnsMax);
    await Promise.all(claimed.map((gate) => carryOn({ ...deps, runsMax, specs }, gate)));
  };
  const stopLooking = repeat({ name: 'gates', work: look, intervalMs: lookMs, log });
  const work = (): Promise<void> => forget(queue, keptDays);
  const stopForgetting = repeat({ name: 'forget gates', work, intervalMs: forgetIntervalMs, log });
  return async () => {
    await Promise.all([stopLooking(), stopForgetting()]);
  };
}

/** A gate takes an eighth of what its tenant may have running, four runs at most: three gates leave more than half to people. */
export function shadowRunsFor(executionsPerTenantMax: number): number {
  return Math.max(1, Math.min(shadowRunsMax, Math.floor(executionsPerTenantMax / 8)));
}

interface Carrying extends GateTurnDeps, Pick<GatesDeps, 'log'> {
  readonly specs: BoundedCache<GateSpec>;
}

async function carryOn(deps: Carrying, gate: ClaimedGate): Promise<void> {
  const { queue, log } = deps;
  const gateId = gateIdOf(gate.id);
  const turn = async (): Promise<GateChange> =>
    takeGateTurn(deps, { ...gate, spec: await specOf(deps, gate) });
  const change = await turn().catch((error: unknown) => {
    log.warn({ err: error, gate_id: gateId }, 'A turn of a gate failed');
    return afterFailure(gate, error);
  });
  await queue
    .settle(gate, change)
    .catch((error: unknown) => log.warn({ err: error, gate_id: gateId }, 'A gate could not be put back'));
}

async function specOf({ queue, specs }: Carrying, gate: ClaimedGate): Promise<GateSpec> {
  const kept = specs.get(gate.id);
  if (kept) return kept;
  const spec = await queue.spec(gate);
  specs.set(gate.id, spec);
  return spec;
}

// The number of rows that are done is counted anew by the next turn that does not fail.
function afterFailure(gate: ClaimedGate, error: unknown): GateChange {
  const fault = asFault(error);
  const failures = gate.failures + 1;
  if (!isPassing(fault) || failures >= failuresMax) {
    return { status: 'failed', error: `The gate could not be carried out: ${fault.message}` };
  }
  return { status: 'running', failures, waitMs: Math.min(retryMsMax, retryMsFirst * 2 ** gate.failures) };
}

async function forget(queue: GateQueue, keptDays: number): Promise<void> {
  for (let batch = 0; batch < forgetBatchesMax; batch += 1) {
    if ((await queue.forget(keptDays, forgetBatch)) < forgetBatch) return;
  }
}
