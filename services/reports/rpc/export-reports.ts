// ExportReports: whole documents as a stream. The next ones are read when the last ones were taken, so that it holds one step at a time.
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument, type Violation } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type {
  ExportReportsRequest,
  ReportService,
} from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { type ExportFilter, exportProblems, inMessages, isExported } from '../core/export-filter.ts';
import type { Report, ReportKey } from '../core/report.ts';
import type { ReportStore } from '../store/store.ts';
import { reportMessage } from './report-wire.ts';
import { optionalIso } from './time-wire.ts';

/** Documents of one message, in bytes of JSON; a larger document is alone. */
const messageBytesMax = 1024 * 1024;

/** Streams what matches. It fails when its caller goes or its time is over, so that nobody takes a part for the whole. */
export function exportReports(store: ReportStore): ServiceImpl<typeof ReportService>['exportReports'] {
  return async function* (request, context) {
    const { tenantId } = principalOf(context);
    const filter = filterOf(request);
    for await (const keys of store.walk({ tenantId, ...filter })) {
      context.signal.throwIfAborted();
      const found = inOrder(await store.findMany(keys), keys);
      const matching = found.filter((report) => isExported(report, filter));
      for (const reports of inMessages(matching, messageBytesMax)) {
        context.signal.throwIfAborted();
        yield { reports: reports.map(reportMessage) };
      }
    }
  };
}

// A key whose document is gone meanwhile has none.
function inOrder(reports: readonly Report[], keys: readonly ReportKey[]): readonly Report[] {
  const byId = new Map(reports.map((report) => [report.incidentId, report]));
  return keys.flatMap(({ incidentId }) => byId.get(incidentId) ?? []);
}

function filterOf({ domainId, status, from, to }: ExportReportsRequest): ExportFilter {
  const problems: Violation[] = [];
  const timeOf = (time: Timestamp | undefined, field: string): string | undefined => {
    try {
      return optionalIso(time, field);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      problems.push(...error.violations);
      return undefined;
    }
  };
  const filter = {
    domainId: domainId || undefined,
    status: status || undefined,
    from: timeOf(from, 'from'),
    to: timeOf(to, 'to'),
  };
  problems.unshift(...exportProblems(filter));
  if (problems.length > 0) throw invalidArgument(problems);
  return filter;
}
