// CreateReport: the document of a submission, put once under its chosen id, with the images that it brings.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import { prefixedId } from '../../../foundation/ids/ids.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { ReportImage as ImageMessage } from '../../../proto/gen/domainflow/reports/v1/report_pb.js';
import type { ReportService } from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { holdsMoves, type ImageMove, takeImages } from '../core/image-moves.ts';
import { submittedImageProblems } from '../core/image-problems.ts';
import { requireIngestionOf } from '../core/permission.ts';
import { incidentIdPrefix, type Report, type ReportImage, submittedReport } from '../core/report.ts';
import { submissionProblems } from '../core/report-problems.ts';
import type { ReportStore } from '../store/store.ts';
import type { ImageParts } from './image-parts.ts';
import { submissionOf } from './report-wire.ts';
import { showReports } from './show-report.ts';
import { makeMoves, readyMoves } from './take-uploads.ts';

/**
 * Answers the document as it stands when the same run has created it before. The document comes before the copies of its
 * images, so that no image is ever without a report that leads to it; an answer comes only when all are in place.
 */
export function createReport(
  store: ReportStore,
  { objects, site }: ImageParts,
): ServiceImpl<typeof ReportService>['createReport'] {
  const show = showReports(objects);
  return async (request, context) => {
    const principal = principalOf(context);
    requireIngestionOf(principal, prefixedId(incidentIdPrefix, request.id));
    const submission = submissionOf(request, principal);
    const brought = request.images.map(imageOf);
    const problems = [
      ...submissionProblems(submission),
      ...submittedImageProblems(brought, principal.tenantId, site),
    ];
    if (problems.length > 0) throw invalidArgument(problems);
    const report = submittedReport(submission);
    const { images, moves } = takeImages(brought, report);
    const ready = await readyMoves(objects, moves);
    const stored = await createOnce(store, { ...report, images }, moves);
    await makeMoves(objects, ready);
    return { report: await show(stored) };
  };
}

async function createOnce(store: ReportStore, report: Report, moves: readonly ImageMove[]): Promise<Report> {
  if (await store.create(report)) return report;
  const held = await store.find(report);
  if (held?.jobId === report.jobId && holdsMoves(held.images, moves)) return held;
  throw new Fault('already_exists', 'The id of the report is taken');
}

function imageOf(message: ImageMessage): ReportImage {
  const { url, objectKey, contentType, checksum, verified } = message;
  return { url, objectKey, contentType, sizeBytes: Number(message.sizeBytes), checksum, verified };
}
