// How answers show a whole document: with links by which its images can be seen.
import type * as proto from '../../../proto/gen/domainflow/reports/v1/report_pb.js';
import type { Report } from '../core/report.ts';
import type { ObjectStore } from '../store/store.ts';
import { withImageLinks } from './image-links.ts';
import { reportMessage } from './report-wire.ts';

/** The message of a whole document. */
export type ShowReport = (report: Report) => Promise<proto.Report>;

/** Shows documents whose images lie in the store. */
export function showReports(objects: Pick<ObjectStore, 'viewUrl'>): ShowReport {
  return async (report) => reportMessage(await withImageLinks(report, objects));
}
