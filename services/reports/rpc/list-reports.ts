// ListReports: list entries newest first, from the index. While the index is away, the documents themselves answer for one domain,
// without a total and without page numbers beyond the first.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type {
  ListReportsRequest,
  ReportService,
} from '../../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import type { ReportSummary } from '../core/report.ts';
import { isDomainId } from '../core/report-problems.ts';
import type { ReportIndex, ReportStore } from '../store/store.ts';
import { type Page, type PagedList, pageOf } from './page-wire.ts';
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
    const list = { tenantId, tokens: parts.tokens, scope: JSON.stringify(['reports', domainId, status]) };
    const page = pageOf(request.page, list);
    const { entries, total } = await read(parts, tenantId, request, page);
    return {
      reports: entries.slice(0, page.limit).map(summaryMessage),
      page: {
        page: page.number,
        limit: page.limit,
        nextCursor: nextCursor(entries, page, list),
        ...(total !== undefined && { total: BigInt(total) }),
      },
    };
  };
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
  { number, limit: pageLimit, after }: Page,
): Promise<Listed> {
  const limit = pageLimit + 1;
  try {
    const offset = number > 1 ? (number - 1) * pageLimit : 0;
    return await index.list(tenantId, { domainId, status, after, offset, limit });
  } catch (error) {
    const isAway = error instanceof Fault && error.reason === 'unavailable';
    if (!isAway || domainId === '' || status !== '' || number > 1) throw error;
    return { entries: await store.listByDomain({ tenantId, domainId, after, limit }) };
  }
}

function nextCursor(
  entries: readonly ReportSummary[],
  { limit }: Page,
  { tenantId, scope, tokens }: PagedList,
): string {
  const last = entries.length > limit ? entries[limit - 1] : undefined;
  if (!last) return '';
  const position = { createdAt: last.createdAt, incidentId: last.incidentId };
  return tokens.seal({ tenantId, scope, position });
}
