// What a test calls of a reports service that runs in a process of its own.
import type { CallOptions, Client } from '@connectrpc/connect';
import type { PatchService } from '../../proto/gen/domainflow/reports/v1/patch_service_pb.js';
import type { ReportService } from '../../proto/gen/domainflow/reports/v1/report_service_pb.js';

/** The clients of the process that runs now. */
export interface RunningReports {
  readonly reports: Client<typeof ReportService>;
  readonly patches: Client<typeof PatchService>;
  /** Call options of an editor. */
  asPerson(): CallOptions;
  /** Call options of a run that may write a report. */
  asRun(capability: string, incidentId: string): CallOptions;
}
