// ListReports: list entries newest first, from the index. While the index is away, the documents themselves answer for one domain,
// without a total and without page numbers beyond the first.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, type Violation } from '../../../foundation/fault/fault.ts';
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
import type { IndexPage, ReportIndex, ReportStore } from '../store/store.ts';
import { timeOf } from './index-wire.ts';
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

type Filter = Pick<IndexPage, 'domainId' | 'status' | 'from' | 'to'>;

/** Lists by page number or by cursor. */
export function listReports(parts: ListReportsParts): ServiceImpl<typeof ReportService>['listReports'] {
  return async (request, context) => {
    const { tenantId } = principalOf(context);
    const violations: Violation[] = [];
    const filter = filterOf(request, violations);
    const { domainId, status, from, to } = filter;
    const times = from === undefined && to === undefined ? [] : [from ?? '', to ?? ''];
    const scope = JSON.stringify(['reports', domainId, status, ...times]);
    const page = openPage<ListPosition>(request.page, { tokens: parts.tokens, tenantId, scope, violations });
    const { limit } = page.slice;
    const { entries, total } = await read(parts, tenantId, filter, page.slice);
    const next = entries.length > limit ? positionOf(entries[limit - 1]) : undefined;
    return { reports: entries.slice(0, limit).map(summaryMessage), page: page.info({ total, next }) };
  };
}

function positionOf(entry: ReportSummary | undefined): ListPosition | undefined {
  return entry && { createdAt: entry.createdAt, incidentId: entry.incidentId };
}

function filterOf(request: ListReportsRequest, broken: Violation[]): Filter {
  const { domainId, status } = request;
  if (domainId !== '' && !isDomainId(domainId)) {
    broken.push({ field: 'domain_id', reason: 'must be the id of a domain' });
  }
  if (status.includes('\0')) {
    broken.push({ field: 'status', reason: 'must not hold the character U+0000' });
  }
  const from = timeOf(request.from, 'from', broken);
  return { domainId, status, from, to: timeOf(request.to, 'to', broken) };
}

// One more than the page holds tells whether there is a following page.
async function read(
  { store, index }: ListReportsParts,
  tenantId: string,
  filter: Filter,
  { limit: pageLimit, offset, after }: PageSlice<ListPosition>,
): Promise<Listed> {
  const limit = pageLimit + 1;
  try {
    return await index.list(tenantId, { ...filter, after, offset, limit });
  } catch (error) {
    const isAway = error instanceof Fault && error.reason === 'unavailable';
    const { domainId = '', status, from, to } = filter;
    const isDomainAlone = domainId !== '' && status === '' && from === undefined && to === undefined;
    if (!isAway || !isDomainAlone || offset > 0) throw error;
    return { entries: await store.listByDomain({ tenantId, domainId, after, limit }) };
  }
}
