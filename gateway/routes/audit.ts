// /audit: who did what, and when, in the registry and in the orchestrator. Entries are written by the services themselves and by nobody
// through this API.
import { create } from '@bufbuild/protobuf';
import type { FastifyInstance } from 'fastify';
import { instantOfMicros } from '../../foundation/paging/list-place.ts';
import { openPage } from '../../foundation/paging/open-page.ts';
import type { PageTokens } from '../../foundation/paging/page-token.ts';
import { PageInfoSchema, PageRequestSchema } from '../../proto/gen/domainflow/common/v1/page_pb.js';
import { callerOf } from '../auth/require-principal.ts';
import { readAuditLog } from '../clients/audit-log.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { named, pageOf } from '../core/answer-schema.ts';
import {
  type AuditQuery,
  auditQueryProblems,
  auditStatuses,
  auditWordsOf,
  sourcesOf,
} from '../core/audit-filter.ts';
import type { AuditLine, AuditPlace } from '../core/audit-list.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { type PageQuery, wantedPage } from '../core/page-query.ts';
import { instantSchema, listQuerySchema, textSchema } from '../http/schema-parts.ts';
import { auditEntryExample } from './audit-schema.ts';
import { meshCall } from './mesh-call.ts';
import { paginationJson } from './page-json.ts';
import { pageExample } from './page-schema.ts';
import { timeRange } from './time-range.ts';

/** What the route needs. */
export interface AuditRouteDeps {
  readonly clients: Pick<MeshClients, 'audit' | 'executionAudit'>;
  /** Signs the cursors of lists that several services make together. */
  readonly pageTokens: PageTokens;
}

const readConfig = { role: 'admin', permission: 'audit:read' } as const;

// Judged with the other filters, so that everything wrong is told at once.
const wordSchema = (words: readonly string[]) =>
  textSchema(1, 50, { description: `One of ${words.join(', ')}` });

const filterSchema = listQuerySchema({
  operation_type: wordSchema(auditWordsOf('operationTypes')),
  entity_type: wordSchema(auditWordsOf('entityTypes')),
  entity_id: textSchema(1, 300),
  status: wordSchema(auditStatuses),
  user_id: textSchema(1, 50, { description: 'UUID of a user' }),
  from: instantSchema,
  to: instantSchema,
});

const operation = {
  ...{ id: 'listAuditEntries', tag: 'Tenant', summary: 'Who did what, and when, the newest first' },
  description: `Entries of definitions, people and keys, and of what was asked of runs, as one list. It is answered whole or not at all.`,
  querystring: filterSchema,
  answers: {
    200: {
      description: 'A page',
      schema: pageOf('entries', named('AuditEntry')),
      example: pageExample('entries', [auditEntryExample]),
    },
  },
} satisfies Operation;

/** Registers the route of the audit log. */
export function auditRoutes(app: FastifyInstance, { clients, pageTokens: tokens }: AuditRouteDeps): void {
  app.get<{ Querystring: AuditQuery & PageQuery }>(
    '/audit',
    { config: readConfig, schema: routeSchema(operation) },
    async (request) => {
      const { page: _page, limit: _limit, cursor: _cursor, ...query } = request.query;
      const { tenantId } = callerOf(request).principal;
      const violations = auditQueryProblems(query);
      const filter = filterOf(query);
      const scope = `audit?${JSON.stringify(Object.entries(query).toSorted())}`;
      const asked = create(PageRequestSchema, wantedPage(request.query));
      const page = openPage<AuditPlace>(asked, { tokens, tenantId, scope, violations });
      const call = () => meshCall(request);
      const sources = sourcesOf(query);
      const { lines, ...read } = await readAuditLog(clients, { slice: page.slice, sources, filter, call });
      const pagination = paginationJson(create(PageInfoSchema, page.info(read)));
      return { entries: lines.map(entryJson), pagination };
    },
  );
}

function filterOf(query: AuditQuery) {
  return {
    operationType: query.operation_type ?? '',
    entityType: query.entity_type ?? '',
    entityId: query.entity_id ?? '',
    status: query.status ?? '',
    userId: query.user_id ?? '',
    ...timeRange(query),
  };
}

function entryJson(line: AuditLine): object {
  return {
    id: line.id,
    operation_type: line.operationType,
    entity_type: line.entityType,
    entity_id: line.entityId,
    status: line.status,
    message: line.message,
    details: line.details,
    before_hash: line.beforeHash,
    after_hash: line.afterHash,
    user_id: line.userId,
    trace_id: line.traceId,
    duration_ms: line.durationMs,
    timestamp: new Date(instantOfMicros(line.timestampUs)).toISOString(),
  };
}
