// Finds documents that have been `processing` for long, and ends them as failed. Each call carries the right to that one document.

import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { CallOptions } from '@connectrpc/connect';
import type { TokenMint } from '../../../foundation/identity/token-mint.ts';
import { callWith } from '../../../foundation/rpc/caller.ts';
import type { MeshClients } from './mesh-clients.ts';

const documentBatchMax = 100;
const callTimeoutMs = 10_000;
/** Whose name stands on calls that no person started. */
const platformUser = '00000000-0000-0000-0000-000000000000';
const withoutRun = 'The run of this document ended without a result';

/** A document whose run has not been applied. */
export interface UnsettledDocument {
  /** `inc_` or `qry_` id. */
  readonly subjectId: string;
  /** `job_` id of the run that it waits for. */
  readonly jobId: string;
  /** Owner of the document. */
  readonly userId: string;
}

/** One kind of document. */
export interface SettleDocuments {
  /** Documents of a tenant that were submitted before this time, oldest first, 100 at most. */
  listUnsettled(tenantId: string, beforeMs: number): Promise<UnsettledDocument[]>;
  /** Ends the document as failed; one that has moved on is left alone. */
  settle(tenantId: string, document: UnsettledDocument, atMs: number): Promise<void>;
}

type CallsFor = (tenantId: string, writeTarget: string, userId: string) => CallOptions;

function callsWith(mint: TokenMint, capability: string): CallsFor {
  return (tenantId, writeTarget, userId) => {
    const run = { runId: 'reconcile', capability, writeTarget };
    const token = mint.mint({ tenantId, userId, username: 'platform', roles: ['admin'], run });
    return callWith({ token, timeoutMs: callTimeoutMs });
  };
}

/** Reports. */
export function settleReports(reports: MeshClients['reports'], mint: TokenMint): SettleDocuments {
  const calls = callsWith(mint, 'ingestion');
  return {
    async listUnsettled(tenantId, beforeMs) {
      const request = { before: timestampFromMs(beforeMs), limit: documentBatchMax };
      const { reports: stuck } = await reports.listUnsettled(request, calls(tenantId, '', platformUser));
      return stuck.map(({ incidentId, jobId }) => ({ subjectId: incidentId, jobId, userId: platformUser }));
    },
    async settle(tenantId, { subjectId, jobId, userId }, atMs) {
      const request = {
        incidentId: subjectId,
        jobId,
        succeeded: false,
        error: withoutRun,
        at: timestampFromMs(atMs),
      };
      await reports.applyIngestion(request, calls(tenantId, subjectId, userId));
    },
  };
}

/** Query jobs. */
export function settleQueryJobs(queryJobs: MeshClients['queryJobs'], mint: TokenMint): SettleDocuments {
  const calls = callsWith(mint, 'query');
  return {
    async listUnsettled(tenantId, beforeMs) {
      const request = { before: timestampFromMs(beforeMs), limit: documentBatchMax };
      const { jobs } = await queryJobs.listUnsettled(request, calls(tenantId, '', platformUser));
      return jobs.map(({ queryId, jobId, userId }) => ({ subjectId: queryId, jobId, userId }));
    },
    async settle(tenantId, { subjectId, jobId, userId }, atMs) {
      const request = {
        queryId: subjectId,
        jobId,
        succeeded: false,
        result: { error: withoutRun },
        messageId: `msg_${jobId.slice('job_'.length)}`,
        messageContent: `The question could not be answered. ${withoutRun}`,
        at: timestampFromMs(atMs),
      };
      await queryJobs.completeQueryJob(request, calls(tenantId, subjectId, userId));
    },
  };
}
