// The last net under documents: every half minute those that have been `processing` for long are compared with their executions, and a
// document whose execution has ended, never was, or is set aside beyond its time is settled as failed. Runs repair themselves; this finds what
// no run knows of, or can go on with.
import type { Clock } from '../../../foundation/clock.ts';
import { repeat } from '../../../foundation/process/repeat.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { SettleDocuments, UnsettledDocument } from '../clients/settle-documents.ts';
import { executionIdOf } from '../core/public-id.ts';
import { defaultExecutionTimeoutMs } from '../core/run-plan.ts';
import type { EngineStore, SetAsideExecution } from '../store/store.ts';
import type { OpenPlan } from './pinned-plan.ts';

const intervalMs = 30_000;
/** Younger documents are left to their runs, in milliseconds. */
const settledAfterMs = 60_000;
const tenantBatchMax = 100;

/** What reconciling needs. */
export interface ReconcileDeps {
  /** One for each kind of document. */
  readonly documents: readonly SettleDocuments[];
  readonly store: Pick<EngineStore, 'tenants' | 'unfinished' | 'setAsideAmong'>;
  readonly openPlan: OpenPlan;
  readonly clock: Clock;
  readonly log: Log;
}

/** Reconciles every 30 s; answers how to stop. */
export function reconcile(deps: ReconcileDeps): () => Promise<void> {
  return repeat({ name: 'reconcile', work: () => reconcileOnce(deps), intervalMs, log: deps.log });
}

/** One round over all tenants. What fails for one tenant or document is logged and does not keep the others waiting. */
export async function reconcileOnce(deps: ReconcileDeps): Promise<void> {
  const { documents, store, log } = deps;
  let after: string | undefined;
  for (;;) {
    const tenants = await store.tenants(after, tenantBatchMax);
    for (const tenantId of tenants) {
      for (const kind of documents) {
        await settleKind(deps, kind, tenantId).catch((error: unknown) =>
          log.warn({ err: error, tenant_id: tenantId }, 'Documents of a tenant could not be reconciled'),
        );
      }
    }
    after = tenants.at(-1);
    if (tenants.length < tenantBatchMax) return;
  }
}

async function settleKind(deps: ReconcileDeps, kind: SettleDocuments, tenantId: string): Promise<void> {
  const { clock, log } = deps;
  const stuck = await kind.listUnsettled(tenantId, clock() - settledAfterMs);
  for (const document of await withoutRun(deps, tenantId, stuck)) {
    const names = { tenant_id: tenantId, document_id: document.subjectId };
    await kind.settle(tenantId, document, clock()).then(
      () => log.warn(names, 'A document without a run was settled'),
      (error: unknown) => log.warn({ err: error, ...names }, 'A document without a run could not be settled'),
    );
  }
}

// Documents whose execution is still under way are left alone.
async function withoutRun(
  deps: ReconcileDeps,
  tenantId: string,
  documents: readonly UnsettledDocument[],
): Promise<UnsettledDocument[]> {
  const { store } = deps;
  const ids = documents.flatMap(({ jobId }) => executionIdOf(jobId) ?? []);
  if (ids.length === 0) return [...documents];
  const alive = await store.unfinished(tenantId, ids);
  for (const aside of await store.setAsideAmong(tenantId, [...alive])) {
    if (isOverdue(deps, aside)) alive.delete(aside.id);
  }
  return documents.filter(({ jobId }) => !alive.has(executionIdOf(jobId) ?? ''));
}

// Time that does not count against a run, such as a pause, is left out of account: whether it was paused may be what cannot be read.
function isOverdue({ clock, openPlan }: ReconcileDeps, { sinceMs, plan }: SetAsideExecution): boolean {
  return clock() - sinceMs > timeOf(openPlan, plan);
}

function timeOf(openPlan: OpenPlan, plan: SetAsideExecution['plan']): number {
  try {
    return openPlan(plan).run.executionTimeoutMs;
  } catch {
    return defaultExecutionTimeoutMs; // perhaps it is set aside because its plan cannot be read
  }
}
