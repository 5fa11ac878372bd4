// ImportReports: stores reports that were finished elsewhere, each judged on its own. No playbook runs for them.
import { create } from '@bufbuild/protobuf';
import { type Timestamp, timestampMs } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import type { Clock } from '../../../foundation/clock.ts';
import { Fault, invalidArgument, type Violation } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newIdAt } from '../../../foundation/ids/ids.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { ImportedReport as ImportedReportMessage } from '../../../proto/gen/domainflow/reports/v1/report_pb.js';
import {
  type ImportReportsResponse_Result,
  ImportReportsResponse_ResultSchema,
  type ReportService,
} from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import {
  type ImportedReport,
  type ImportFacts,
  importedReport,
  importProblems,
  importSizeProblems,
} from '../core/imported-report.ts';
import { requireEditor } from '../core/permission.ts';
import type { Report } from '../core/report.ts';
import { type AfterImport, inTurns } from '../engine/bulk-indexing.ts';
import type { ReportStore } from '../store/store.ts';

/** Reports of one call. */
const reportsMax = 100;

/** What an import needs. */
export interface ImportParts {
  /** Documents without indexing after each write. */
  readonly store: ReportStore;
  readonly afterImport: AfterImport;
  readonly clock: Clock;
}

interface Judged {
  /** Absent when rules are broken. */
  readonly report?: Report;
  readonly violations: readonly Violation[];
  /** True when the report brought no id. */
  readonly hasNewId?: boolean;
}

interface Stored {
  /** What this call stored; absent when it was there or refused. */
  readonly report?: Report | undefined;
  readonly result: ImportReportsResponse_Result;
}

/** Answers what became of each, in order. Fault `invalid_argument` for more than 100. */
export function importReports(parts: ImportParts): ServiceImpl<typeof ReportService>['importReports'] {
  return async ({ reports }, context) => {
    const principal = principalOf(context);
    requireEditor(principal);
    if (reports.length > reportsMax) {
      throw invalidArgument([{ field: 'reports', reason: `must be at most ${reportsMax}` }]);
    }
    const nowMs = parts.clock();
    const stored = await inTurns(reports, (message) => store(parts.store, judge(message, principal, nowMs)));
    await parts.afterImport(stored.flatMap(({ report }) => (report ? [report] : [])));
    return { results: stored.map(({ result }) => result) };
  };
}

function judge(message: ImportedReportMessage, { tenantId, userId }: Principal, nowMs: number): Judged {
  const imported = importedOf(message);
  const broken = importProblems(imported, nowMs);
  if (broken.length > 0) return { violations: broken };
  const newId = newIdAt(imported.createdAtMs ?? nowMs);
  const facts: ImportFacts = { tenantId, userId, nowMs, newId };
  const report = importedReport(imported, facts);
  const violations = importSizeProblems(report);
  return violations.length > 0
    ? { violations }
    : { report, violations, hasNewId: imported.incidentId === '' };
}

async function store(documents: ReportStore, judged: Judged): Promise<Stored> {
  const { report } = judged;
  if (!report) return refused(judged.violations);
  const { incidentId } = report;
  try {
    if (await documents.create(report)) return { report, result: resultOf({ incidentId }) };
  } catch (error) {
    // What DynamoDB itself has no room for is known only when the item is made.
    if (error instanceof Fault && error.reason === 'invalid_argument') return refused(error.violations);
    if (error instanceof Fault && error.reason === 'unavailable')
      return { result: resultOf({ unknown: true }) };
    throw error;
  }
  const held = await documents.find(report);
  // The driver repeats a write that it had no answer to: nobody but this call knows an id that was made here.
  if (held && judged.hasNewId) return { report, result: resultOf({ incidentId }) };
  if (held) return { result: resultOf({ incidentId, existed: true }) };
  const reason = 'names a report that was deleted; leave it out to store a new one';
  return refused([{ field: 'incident_id', reason }]);
}

function refused(violations: readonly Violation[]): Stored {
  return { result: resultOf({ violations: [...violations] }) };
}

function resultOf(init: {
  incidentId?: string;
  existed?: boolean;
  violations?: Violation[];
  unknown?: boolean;
}): ImportReportsResponse_Result {
  return create(ImportReportsResponse_ResultSchema, init);
}

function importedOf(message: ImportedReportMessage): ImportedReport {
  const { incidentId, domainId, rawText, source, status } = message;
  const { ingestionData, managementData, confidence, createdAt } = message;
  const createdAtMs = createdAt && msOf(createdAt);
  return {
    ...{ incidentId, domainId, rawText, source, status },
    ...{ ingestionData, managementData, confidence, createdAtMs },
  };
}

// Times beyond what a date can hold become no number, which no rule lets pass.
function msOf(time: Timestamp): number {
  return Math.floor(timestampMs(time));
}
