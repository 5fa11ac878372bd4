// ListAuditEntries: a page of what people wrote in the caller's tenant.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
import { highestRole, roleReaches } from '../../../foundation/identity/role.ts';
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import { checkPlace, type SortPlace, sortPlaceOf } from '../../../foundation/paging/list-place.ts';
import { openPage } from '../../../foundation/paging/open-page.ts';
import { reachMax } from '../../../foundation/paging/page-choice.ts';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { AuditService } from '../../../proto/gen/domainflow/orchestrator/v1/audit_service_pb.js';
import { auditFilterOf, auditFilterProblems } from '../core/audit-filter.ts';
import { requirePerson } from '../core/person.ts';
import type { AuditStore } from '../store/store.ts';
import { auditEntryMessage, auditFilterSent } from './audit-wire.ts';

/** ListAuditEntries, newest first. `permission_denied` for all but admins; `invalid_argument` with everything that is wrong. */
export function listAuditEntries(
  store: AuditStore,
  tokens: PageTokens,
): ServiceImpl<typeof AuditService>['listAuditEntries'] {
  return async (request, context) => {
    const caller = principalOf(context);
    requirePerson(caller);
    const isAdmin = roleReaches(highestRole(caller.roles) ?? 'viewer', 'admin');
    if (!isAdmin) throw new Fault('permission_denied', 'Reading the audit log needs the role admin');
    const { tenantId } = caller;
    const sent = auditFilterSent(request);
    const wrong = auditFilterProblems(sent);
    const hasCursor = (request.page?.cursor ?? '') !== '';
    const violations = [...wrong, ...checkPlace(request.after, { hasCursor })];
    const filter = auditFilterOf(sent);
    const scope = `audit?${violations.length > 0 ? '' : canonicalJson(filter)}`;
    const page = openPage<SortPlace>(request.page, { tokens, tenantId, scope, violations });
    const after = sortPlaceOf(request.after) ?? page.slice.after;
    const { items, total, next } = await store.list(tenantId, { ...page.slice, after, filter });
    const counted =
      total === undefined ? {} : { total: Math.min(total, reachMax), totalAtLeast: total > reachMax };
    return { entries: items.map(auditEntryMessage), page: page.info({ ...counted, next }) };
  };
}
