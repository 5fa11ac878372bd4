// UpdateReport: a person's own change of a report, recorded as an applied patch.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument, notFound, type Violation } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type {
  ReportService,
  UpdateReportRequest,
} from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { patchIdOfEntry, recordedOf } from '../core/history.ts';
import { patchIdOf } from '../core/patch.ts';
import { decideUpdate } from '../core/patch-decisions.ts';
import { wishProblems } from '../core/patch-problems.ts';
import { requireEditor } from '../core/permission.ts';
import type { Report } from '../core/report.ts';
import { isIncidentId } from '../core/report-problems.ts';
import { changeReport, type ReportDecision } from '../engine/change-report.ts';
import { type ChangingParts, nowOf, withinLimits } from './change-parts.ts';

interface Updated {
  readonly report: Report;
  readonly patchId: string;
}

/** Answers the document with the change, or as it stands when there is nothing to change. */
export function updateReport(parts: ChangingParts): ServiceImpl<typeof ReportService>['updateReport'] {
  return async (request, context) => {
    const principal = principalOf(context);
    requireEditor(principal);
    const { incidentId } = request;
    const problems = requestProblems(request);
    if (problems.length > 0) throw invalidArgument(problems);
    if (!isIncidentId(incidentId)) throw notFound('report');
    const change = { id: newId(), by: principal.userId, at: nowOf(parts) };
    const decide = (held: Report, isAgain: boolean): ReportDecision<Updated> => {
      const own = isAgain && ownUpdate(held, patchIdOf(change.id));
      if (own) return { answer: own };
      requireVersion(held, request.expectedVersion);
      const { status, managementData } = request;
      const decided = withinLimits(decideUpdate(held, { status, managementData }, change));
      if (!decided) return { answer: { report: held, patchId: '' } };
      return { next: decided.report, answer: { report: decided.report, patchId: decided.patch.patchId } };
    };
    const { report, patchId } = await changeReport(
      parts,
      { tenantId: principal.tenantId, incidentId },
      decide,
    );
    return { report: await parts.show(report), patchId };
  };
}

function requestProblems({
  status,
  managementData,
  expectedVersion,
}: UpdateReportRequest): readonly Violation[] {
  const problems = wishProblems({ status, managementData });
  if (expectedVersion >= 0n) return problems;
  return [
    ...problems,
    { field: 'expected_version', reason: 'must be a version that was read, or 0 for any' },
  ];
}

// A write whose answer was lost has been made all the same; it names the patch in the history.
function ownUpdate(report: Report, patchId: string): Updated | undefined {
  const { history } = recordedOf(report.managementData);
  return history.some((entry) => patchIdOfEntry(entry) === patchId) ? { report, patchId } : undefined;
}

function requireVersion({ version }: Report, expected: bigint): void {
  if (expected === 0n || expected === BigInt(version)) return;
  throw new Fault('aborted', `The report has version ${version} by now: read it again`);
}
