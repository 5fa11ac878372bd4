// Shadow runs: executions of the engine like any other, without a document, and with a capability that lets them read alone. Each has a name
// in its gate, so that it is recorded once however often it is started.
import { createHash } from 'node:crypto';
import { idTimeMs } from '../../../foundation/ids/ids.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { fold } from '../core/evolve.ts';
import type { ExecutionRecord, StoredExecution } from '../core/execution-record.ts';
import { initialState } from '../core/execution-state.ts';
import type { ChosenShadow, GateRecord, ShadowAnswer } from '../core/gate.ts';
import { type IngestionInput, type QueryInput, recordJob } from '../core/job-input.ts';
import { gateIdOf } from '../core/public-id.ts';
import { shadowAnswer } from '../core/shadow-answer.ts';
import type { ExecutionStore } from '../store/store.ts';
import type { Engine } from './engine.ts';
import type { OpenPlan } from './pinned-plan.ts';

/** What starting and reading shadow runs needs. */
export interface ShadowRunDeps {
  readonly start: Engine['start'];
  readonly executions: Pick<ExecutionStore, 'readJournal'>;
  readonly openPlan: OpenPlan;
}

/** Behind everything that people have started. */
const shadowPriority = 1;
const defaultSource = 'golden_set';

/** Starts the run of a place in a gate under its chosen id; nothing happens when it was recorded before. Faults of a start. */
export async function startShadow(
  { start }: Pick<ShadowRunDeps, 'start'>,
  gate: GateRecord,
  { side, row, executionId }: ChosenShadow,
): Promise<void> {
  const { tenantId, id, principal } = gate;
  const key = `${gateIdOf(id)}/${side}/${row}`;
  const bodyHash = createHash('sha256').update(key).digest('hex');
  const name = { tenantId, userId: principal.userId, route: 'gate' as const, key, bodyHash };
  await start(shadowRecord(gate, { side, row, executionId }), { name });
}

function shadowRecord(gate: GateRecord, { side, row, executionId }: ChosenShadow): ExecutionRecord {
  const { tenantId, id, domainId, spec, principal, trace } = gate;
  const plan = spec.plans[side];
  if (!plan) throw new Error(`the gate has no plan of its ${side} side`);
  return {
    ...{ tenantId, id: executionId, domainId, principal },
    createdAtMs: idTimeMs(executionId), // not the gate's: what is older goes first, and a gate may take long
    kind: spec.playbook === 'ingestion' ? 'shadow_ingest' : 'shadow_query',
    domainVersion: plan.domainVersion,
    plan: plan.pinned,
    subjectId: gateIdOf(id),
    input: recordJob(shadowInput(gate, spec.rows[row]?.input ?? {})),
    ...(trace ? { trace } : {}),
    priority: shadowPriority,
  };
}

// Both sides are given the same, and the same moment where the row names none.
function shadowInput(
  { domainId, spec, principal, createdAtMs }: GateRecord,
  input: JsonObject,
): IngestionInput | QueryInput {
  const { text, question, source, reference_time: time, session_references: references } = input;
  const common = {
    domain_id: domainId,
    reference_time: typeof time === 'string' ? time : new Date(createdAtMs).toISOString(),
  };
  if (spec.playbook === 'ingestion') {
    return { ...common, text: String(text), source: typeof source === 'string' ? source : defaultSource };
  }
  return {
    ...common,
    question: String(question),
    user_id: principal.userId,
    context: [],
    session_references: Array.isArray(references) ? references.map(String) : [],
  };
}

/** What a run has answered that has ended, at these paths. */
export async function readShadow(
  { executions, openPlan }: Omit<ShadowRunDeps, 'start'>,
  { tenantId, id, kind, plan }: StoredExecution,
  paths: readonly string[],
): Promise<ShadowAnswer> {
  const journal = await executions.readJournal(tenantId, id, { fresh: true });
  return shadowAnswer(kind, fold(initialState(openPlan(plan).run), journal), paths);
}
