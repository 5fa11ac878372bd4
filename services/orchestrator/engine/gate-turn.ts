// One turn of a gate: takes in what has ended, starts what has room, and ends the gate when nothing is left. All that it knows stands in the
// database, so that any process can take the next turn.
import { newId } from '../../../foundation/ids/ids.ts';
import type { CancelRun } from '../clients/delete-parts.ts';
import type { GateRegistry } from '../clients/gate-registry.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import { type GateSpec, rowsDone, type ShadowPlace, type ShadowRun, shadowPlaces } from '../core/gate.ts';
import { gateOutcome } from '../core/gate-result.ts';
import { jobIdOf } from '../core/public-id.ts';
import { hasEndedAs } from '../core/run-control.ts';
import type { ClaimedGate, GateChange, GateQueue, WatchStore } from '../store/store.ts';
import { readShadow, type ShadowRunDeps, startShadow } from './shadow-runs.ts';

/** What a turn needs. */
export interface GateTurnDeps extends ShadowRunDeps {
  readonly queue: GateQueue;
  readonly watch: Pick<WatchStore, 'readAll'>;
  readonly registry: GateRegistry;
  readonly cancelRun: CancelRun;
  /** Shadow runs of one gate at the same time. */
  readonly runsMax: number;
}

/** A claimed gate with what it does. */
export type GateAtWork = ClaimedGate & { readonly spec: GateSpec };

/** Until a gate is looked at again, in milliseconds. */
const turnMs = 200;

/** Takes a turn; answers what becomes of the gate. Throws what kept it from that. */
export async function takeGateTurn(deps: GateTurnDeps, gate: GateAtWork): Promise<GateChange> {
  const { queue } = deps;
  const known = await queue.runs(gate);
  if (gate.cancelled) return cancelRuns(deps, gate, known);
  const runs = await takeIn(deps, gate, known);
  const chosen = new Set(runs.map(placeKey));
  const open = runs.filter(({ ended }) => !ended).length;
  const toStart = shadowPlaces(gate.spec)
    .filter((place) => !chosen.has(placeKey(place)))
    .slice(0, Math.max(0, deps.runsMax - open));
  if (open === 0 && toStart.length === 0) return complete(deps, gate, runs);
  await settled(toStart.map(async (place) => begin(deps, gate, place)));
  return { status: 'running', rowsDone: rowsDone(gate.spec, runs), failures: 0, waitMs: turnMs };
}

function placeKey({ side, row }: ShadowPlace): string {
  return `${side} ${row}`;
}

async function begin(deps: GateTurnDeps, gate: GateAtWork, place: ShadowPlace): Promise<void> {
  const executionId = await deps.queue.choose(gate, { ...place, executionId: newId() });
  await startShadow(deps, gate, { ...place, executionId });
}

/** The runs as they stand now. What was chosen and never recorded is started once more. */
async function takeIn(
  deps: GateTurnDeps,
  gate: GateAtWork,
  known: readonly ShadowRun[],
): Promise<readonly ShadowRun[]> {
  const open = known.filter(({ ended }) => !ended).map(({ executionId }) => executionId);
  const found = open.length > 0 ? await deps.watch.readAll(gate.tenantId, open) : [];
  const executions = new Map(found.map((execution) => [execution.id, execution]));
  return settled(
    known.map(async (run) => {
      if (run.ended) return run;
      const execution = executions.get(run.executionId);
      if (!execution) await startShadow(deps, gate, run);
      return execution && hasEndedAs(execution.status) ? keepAnswer(deps, gate, { run, execution }) : run;
    }),
  );
}

async function keepAnswer(
  deps: GateTurnDeps,
  gate: GateAtWork,
  { run, execution }: { readonly run: ShadowRun; readonly execution: StoredExecution },
): Promise<ShadowRun> {
  const paths = Object.keys(gate.spec.rows[run.row]?.expected ?? {});
  const answer = await readShadow(deps, execution, paths);
  await deps.queue.keep(gate, { ...run, answer });
  return { ...run, ended: true };
}

// The evidence is kept before the gate says that it has ended: whoever reads that it passed may publish at once.
async function complete(
  { registry, queue }: GateTurnDeps,
  gate: GateAtWork,
  runs: readonly ShadowRun[],
): Promise<GateChange> {
  const costs = await registry.costsOf(
    gate,
    runs.map(({ executionId }) => executionId),
  );
  const outcome = gateOutcome(gate.spec, await queue.answers(gate), costs);
  await registry.keepResult(gate, outcome);
  return { status: 'completed', rowsDone: rowsDone(gate.spec, runs), outcome };
}

async function cancelRuns(
  { cancelRun }: GateTurnDeps,
  { principal }: GateAtWork,
  runs: readonly ShadowRun[],
): Promise<GateChange> {
  const open = runs.filter(({ ended }) => !ended);
  const because = 'The gate that the run belongs to was cancelled';
  await settled(
    open.map(({ executionId }) => cancelRun({ jobId: jobIdOf(executionId), principal, because })),
  );
  return { status: 'cancelled' };
}

// Nothing of a turn goes on after it: whoever takes the next one finds nobody else at work.
async function settled<T>(works: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(works);
  return Promise.all(works);
}
