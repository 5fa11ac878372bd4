// The RPCs about documents as a whole: deleting, purging, importing, exporting, and which wait for their run.
import type { ServiceImpl } from '@connectrpc/connect';
import type { Clock } from '../../../foundation/clock.ts';
import type { ReportService } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import type { AfterImport } from '../engine/bulk-indexing.ts';
import type { Removal } from '../engine/removal.ts';
import type { ObjectStore, PatchRemoval, ReportStore } from '../store/store.ts';
import { deleteReport } from './delete-report.ts';
import { exportReports } from './export-reports.ts';
import { importReports } from './import-reports.ts';
import { listUnsettled } from './list-unsettled.ts';
import { purgeReport } from './purge-report.ts';

/** What these RPCs work on. */
export interface DocumentParts {
  /** Documents without indexing after each write: these RPCs see to the index themselves. */
  readonly store: ReportStore;
  readonly removal: Removal;
  readonly afterImport: AfterImport;
  readonly patches: PatchRemoval;
  readonly images: Pick<ObjectStore, 'removeReportImages'>;
  readonly clock: Clock;
}

type DocumentRoutes = Pick<
  ServiceImpl<typeof ReportService>,
  'deleteReport' | 'purgeReport' | 'importReports' | 'exportReports' | 'listUnsettled'
>;

/** Their handlers. */
export function documentRoutes(parts: DocumentParts): DocumentRoutes {
  return {
    deleteReport: deleteReport(parts),
    purgeReport: purgeReport(parts),
    importReports: importReports(parts),
    exportReports: exportReports(parts.store),
    listUnsettled: listUnsettled(parts.store),
  };
}
