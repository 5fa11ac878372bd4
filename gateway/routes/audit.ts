// /audit: who wrote what, and when. Entries are written by the services themselves and by nobody through this API.
import type { FastifyInstance } from 'fastify';
import type { AuditEntry } from '../../proto/gen/domainflow/registry/v1/audit_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { type PageQuery, wantedPage } from '../core/page-query.ts';
import { instantSchema, listQuerySchema, textSchema } from '../http/schema-parts.ts';
import { meshCall } from './mesh-call.ts';
import { paginationJson } from './page-json.ts';
import { timeJson } from './time-json.ts';
import { type TimeRangeQuery, timeRange } from './time-range.ts';

interface AuditFilter extends PageQuery, TimeRangeQuery {
  readonly operation_type?: string;
  readonly entity_type?: string;
  readonly entity_id?: string;
  readonly status?: string;
  readonly user_id?: string;
}

const readConfig = { role: 'admin', permission: 'audit:read' } as const;

const wordSchema = textSchema(1, 50);

const filterSchema = listQuerySchema({
  operation_type: wordSchema,
  entity_type: wordSchema,
  entity_id: textSchema(1, 300),
  status: wordSchema,
  user_id: wordSchema,
  from: instantSchema,
  to: instantSchema,
});

/** Registers the route of the audit log. */
export function auditRoutes(app: FastifyInstance, { audit }: MeshClients): void {
  app.get<{ Querystring: AuditFilter }>(
    '/audit',
    { config: readConfig, schema: { querystring: filterSchema } },
    async (request) => {
      const wanted = { page: wantedPage(request.query), ...filterOf(request.query) };
      const found = await audit.listAuditEntries(wanted, meshCall(request));
      return { entries: found.entries.map(entryJson), pagination: paginationJson(found.page) };
    },
  );
}

function filterOf(query: AuditFilter) {
  return {
    operationType: query.operation_type ?? '',
    entityType: query.entity_type ?? '',
    entityId: query.entity_id ?? '',
    status: query.status ?? '',
    userId: query.user_id ?? '',
    ...timeRange(query),
  };
}

function entryJson(entry: AuditEntry): object {
  return {
    id: entry.id,
    operation_type: entry.operationType,
    entity_type: entry.entityType,
    entity_id: entry.entityId,
    status: entry.status,
    message: entry.message,
    before_hash: entry.beforeHash || null,
    after_hash: entry.afterHash || null,
    user_id: entry.userId,
    trace_id: entry.traceId || null,
    duration_ms: entry.durationMs,
    timestamp: timeJson(entry.timestamp),
  };
}
