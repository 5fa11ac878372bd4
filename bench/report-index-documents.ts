// How fast documents are stored with all that follows them into the index: through the RPC that imports finished reports.
import { randomUUID } from 'node:crypto';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { CallOptions, Client } from '@connectrpc/connect';
import type { ReportService } from '../proto/gen/domainflow/reports/v1/report_service_pb.js';
import { reportRows } from './report-index-data.ts';

const importMax = 100;

/** Documents stored in a second, one call after the other, under the tenant of the calls. */
export async function documentsPerSecond(
  reports: Client<typeof ReportService>,
  options: () => CallOptions,
  count: number,
): Promise<number> {
  const startMs = performance.now();
  for await (const rows of reportRows({ tenantId: randomUUID(), domainId: 'imported' }, count)) {
    const imported = rows.map(({ summary, createdAt, status, domainId, ingestionData, managementData }) => ({
      ...{ domainId, status, ingestionData, managementData },
      rawText: summary,
      createdAt: timestampFromDate(new Date(createdAt)),
    }));
    for (let at = 0; at < imported.length; at += importMax) {
      const { results } = await reports.importReports(
        { reports: imported.slice(at, at + importMax) },
        options(),
      );
      const refused = results.find(({ violations }) => violations.length > 0);
      if (refused) throw new Error(`An import was refused: ${JSON.stringify(refused.violations)}`);
    }
  }
  return Math.round(count / ((performance.now() - startMs) / 1_000));
}
