// The RPCs that delete, each from its file.
import type { Client, ServiceImpl } from '@connectrpc/connect';
import type { DeletionService } from '../../../proto/gen/domainflow/orchestrator/v1/deletion_service_pb.js';
import type { ReportService } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import type { QueryJobService } from '../../../proto/gen/domainflow/sessions/v1/query_job_service_pb.js';
import type { SessionService } from '../../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import type { CarryOutDeletion } from './carry-out-deletion.ts';
import { deleteQuery } from './delete-query.ts';
import { deleteReport } from './delete-report.ts';
import { deleteSession } from './delete-session.ts';

/** Where what is deleted lies. */
export interface DeletionClients {
  readonly reports: Client<typeof ReportService>;
  readonly sessions: Client<typeof SessionService>;
  readonly queryJobs: Client<typeof QueryJobService>;
}

/** The whole DeletionService. */
export function deletionRoutes(
  { reports, sessions, queryJobs }: DeletionClients,
  carryOut: CarryOutDeletion,
): ServiceImpl<typeof DeletionService> {
  return {
    deleteReport: deleteReport(reports, carryOut),
    deleteSession: deleteSession(sessions, carryOut),
    deleteQuery: deleteQuery(queryJobs, carryOut),
  };
}
