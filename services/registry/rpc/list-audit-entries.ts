// ListAuditEntries: a page of what was written in the caller's tenant.
import type { ServiceImpl } from '@connectrpc/connect';
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import { checkPlace, sortPlaceOf } from '../../../foundation/paging/list-place.ts';
import { openPage } from '../../../foundation/paging/open-page.ts';
import { reachMax } from '../../../foundation/paging/page-choice.ts';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import type { AuditService } from '../../../proto/gen/domainflow/registry/v1/audit_service_pb.js';
import { auditFilterOf, auditFilterProblems } from '../core/audit-filter.ts';
import type { ListPosition } from '../core/page.ts';
import type { AuditStore } from '../store/store.ts';
import { actorOf } from './actor.ts';
import { auditEntryMessage, auditFilterSent } from './audit-wire.ts';

/** ListAuditEntries, newest first. `permission_denied` for all but admins; `invalid_argument` with every filter that is wrong. */
export function listAuditEntries(
  store: AuditStore,
  tokens: PageTokens,
): ServiceImpl<typeof AuditService>['listAuditEntries'] {
  return async (request, context) => {
    const { tenantId } = actorOf(context, 'admin');
    const sent = auditFilterSent(request);
    const wrong = auditFilterProblems(sent);
    const hasCursor = (request.page?.cursor ?? '') !== '';
    const violations = [...wrong, ...checkPlace(request.after, { hasCursor })];
    const filter = auditFilterOf(sent);
    const scope = `audit?${violations.length > 0 ? '' : canonicalJson(filter)}`;
    const page = openPage<ListPosition>(request.page, { tokens, tenantId, scope, violations });
    const place = sortPlaceOf(request.after);
    const after = place ? { createdAt: place.at, id: place.id } : page.slice.after;
    const { items, total, next } = await store.listAuditEntries(tenantId, { ...page.slice, after, filter });
    const counted =
      total === undefined ? {} : { total: Math.min(total, reachMax), totalAtLeast: total > reachMax };
    return { entries: items.map(auditEntryMessage), page: page.info({ ...counted, next }) };
  };
}
