// ListReports: list entries newest first, from the index. While the index is away, the documents themselves answer for one domain,
// without a total and without page numbers beyond the first.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import { openPage, type PageSlice } from '../../../foundation/paging/open-page.ts';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type {
  ListReportsRequest,
  ReportService,
} from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import type { ListPosition } from '../core/index-query.ts';
import type { ReportSummary } from '../core/report.ts';
import { isDomainId } from '../core/report-problems.ts';
import type { ReportIndex, ReportStore } from '../store/store.ts';
import { summaryMessage } from './report-wire.ts';

/** What lists are read from. */
export interface ListReportsParts {
  readonly store: ReportStore;
  readonly index: ReportIndex;
  readonly tokens: PageTokens;
}

interface Listed {
  readonly entries: readonly ReportSummary[];
  readonly total?: number;
}

/** Lists by page number or by cursor. */
export function listReports(parts: ListReportsParts): ServiceImpl<typeof ReportService>['listReports'] {
  return async (request, context) => {
    const { tenantId } = principalOf(context);
    checkFilter(request);
    const { domainId, status } = request;
    const scope = JSON.stringify(['reports', domainId, status]);
    const page = openPage<ListPosition>(request.page, { tokens: parts.tokens, tenantId, scope });
    const { limit } = page.slice;
    const { entries, total } = await read(parts, tenantId, request, page.slice);
    const next = entries.length > limit ? positionOf(entries[limit - 1]) : undefined;
    return { reports: entries.slice(0, limit).map(summaryMessage), page: page.info({ total, next }) };
  };
}

function positionOf(entry: ReportSummary | undefined): ListPosition | undefined {
  return entry && { createdAt: entry.createdAt, incidentId: entry.incidentId };
}

function checkFilter({ domainId, status }: ListReportsRequest): void {
  if (domainId !== '' && !isDomainId(domainId)) {
    throw invalidArgument([{ field: 'domain_id', reason: 'must be the id of a domain' }]);
  }
  if (status.includes('\0')) {
    throw invalidArgument([{ field: 'status', reason: 'must not hold the character U+0000' }]);
  }
}

// One more than the page holds tells whether there is a following page.
async function read(
  { store, index }: ListReportsParts,
  tenantId: string,
  { domainId, status }: ListReportsRequest,
  { limit: pageLimit, offset, after }: PageSlice<ListPosition>,
): Promise<Listed> {
  const limit = pageLimit + 1;
  try {
    return await index.list(tenantId, { domainId, status, after, offset, limit });
  } catch (error) {
    const isAway = error instanceof Fault && error.reason === 'unavailable';
    if (!isAway || domainId === '' || status !== '' || offset > 0) throw error;
    return { entries: await store.listByDomain({ tenantId, domainId, after, limit }) };
  }
}
