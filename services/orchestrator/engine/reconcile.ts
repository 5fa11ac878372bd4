// The last net under documents: every half minute those that have been `processing` for long are compared with their executions, and a
// document whose execution has ended or never was is settled as failed. Runs repair themselves; this finds what no run knows of.
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { Clock } from '../../../foundation/clock.ts';
import type { TokenMint } from '../../../foundation/identity/token-mint.ts';
import { repeat } from '../../../foundation/process/repeat.ts';
import { callWith } from '../../../foundation/rpc/caller.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { executionIdOf } from '../core/public-id.ts';
import type { EngineStore } from '../store/store.ts';

const intervalMs = 30_000;
/** Younger documents are left to their runs, in milliseconds. */
const settledAfterMs = 60_000;
const tenantBatchMax = 100;
const documentBatchMax = 100;
const callTimeoutMs = 10_000;
/** Whose name stands on calls that no person started. */
const platformUser = '00000000-0000-0000-0000-000000000000';
const orphanError = 'The run of this document ended without a result';

/** What reconciling needs. */
export interface ReconcileDeps {
  readonly clients: Pick<MeshClients, 'reports' | 'queryJobs'>;
  readonly store: EngineStore;
  readonly mint: TokenMint;
  readonly clock: Clock;
  readonly log: Log;
}

interface Unsettled {
  readonly subjectId: string;
  readonly jobId: string;
}

/** Reconciles every 30 s; answers how to stop. */
export function reconcile(deps: ReconcileDeps): () => Promise<void> {
  const { clients, store, mint, clock, log } = deps;

  function calls(tenantId: string, capability: string, writeTarget: string) {
    const run = { runId: 'reconcile', capability, writeTarget };
    const token = mint.mint({ tenantId, userId: platformUser, username: 'platform', roles: ['admin'], run });
    return callWith({ token, timeoutMs: callTimeoutMs });
  }

  // Documents whose execution is still under way are left alone.
  async function orphans(tenantId: string, documents: readonly Unsettled[]): Promise<Unsettled[]> {
    const ids = documents.flatMap(({ jobId }) => executionIdOf(jobId) ?? []);
    const alive = await store.unfinished(tenantId, ids);
    return documents.filter(({ jobId }) => !alive.has(executionIdOf(jobId) ?? ''));
  }

  async function settleReports(tenantId: string): Promise<void> {
    const request = { before: timestampFromMs(clock() - settledAfterMs), limit: documentBatchMax };
    const { reports } = await clients.reports.listUnsettled(request, calls(tenantId, 'ingestion', ''));
    const unsettled = reports.map(({ incidentId, jobId }) => ({ subjectId: incidentId, jobId }));
    for (const { subjectId, jobId } of await orphans(tenantId, unsettled)) {
      const outcome = { incidentId: subjectId, jobId, succeeded: false, error: orphanError };
      const at = timestampFromMs(clock());
      await clients.reports.applyIngestion({ ...outcome, at }, calls(tenantId, 'ingestion', subjectId));
      log.warn({ tenant_id: tenantId, incident_id: subjectId }, 'A report without a run was settled');
    }
  }

  async function settleQueryJobs(tenantId: string): Promise<void> {
    const request = { before: timestampFromMs(clock() - settledAfterMs), limit: documentBatchMax };
    const { jobs } = await clients.queryJobs.listUnsettled(request, calls(tenantId, 'query', ''));
    const unsettled = jobs.map(({ queryId, jobId }) => ({ subjectId: queryId, jobId }));
    for (const { subjectId, jobId } of await orphans(tenantId, unsettled)) {
      const outcome = { queryId: subjectId, jobId, succeeded: false, result: { error: orphanError } };
      const message = { messageId: `msg_${jobId.slice('job_'.length)}`, messageContent: orphanError };
      const request = { ...outcome, ...message, at: timestampFromMs(clock()) };
      await clients.queryJobs.completeQueryJob(request, calls(tenantId, 'query', subjectId));
      log.warn({ tenant_id: tenantId, query_id: subjectId }, 'A query job without a run was settled');
    }
  }

  async function round(): Promise<void> {
    let after: string | undefined;
    for (;;) {
      const tenants = await store.tenants(after, tenantBatchMax);
      for (const tenantId of tenants) {
        await settleReports(tenantId);
        await settleQueryJobs(tenantId);
      }
      after = tenants.at(-1);
      if (tenants.length < tenantBatchMax) return;
    }
  }

  return repeat({ name: 'reconcile', work: round, intervalMs, log });
}
