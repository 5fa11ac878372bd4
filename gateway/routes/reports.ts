// /reports: submit a report, read it, list reports. Changes, batches and exports are in files of their own.
import type { FastifyInstance } from 'fastify';
import { notFound } from '../../foundation/fault/fault.ts';
import { callerOf } from '../auth/require-principal.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { type PageQuery, wantedPage } from '../core/page-query.ts';
import { idempotencyKey, tellReplayed } from '../http/idempotency-key.ts';
import {
  instantSchema,
  listQuerySchema,
  objectSchema,
  statusSchema,
  textSchema,
} from '../http/schema-parts.ts';
import { versionTag } from '../http/version-tag.ts';
import { meshCall } from './mesh-call.ts';
import { paginationJson } from './page-json.ts';
import { pathId } from './path-id.ts';
import { reportJson, reportRow } from './report-json.ts';
import { type NewReport, newReportSchema, submissionBytesMax, submitReport } from './report-submission.ts';
import { timeJson } from './time-json.ts';
import { type TimeRangeQuery, timeMessage, timeRange } from './time-range.ts';

interface ReportFilter extends PageQuery, TimeRangeQuery {
  readonly domain_id?: string;
  readonly status?: string;
}

const filterSchema = listQuerySchema({
  domain_id: textSchema(1, 50),
  status: statusSchema,
  from: instantSchema,
  to: instantSchema,
});
const createConfig = { role: 'editor', permission: 'reports:create' } as const;
const readConfig = { role: 'viewer', permission: 'reports:read' } as const;

/** Registers the routes that submit and read reports. */
export function reportRoutes(app: FastifyInstance, clients: MeshClients): void {
  const { reports } = clients;

  app.post<{ Body: NewReport }>(
    '/reports',
    { config: createConfig, schema: { body: newReportSchema }, bodyLimit: submissionBytesMax },
    async (request, reply) => {
      const requestId = idempotencyKey(request);
      const started = await submitReport(clients, request, { report: request.body, requestId });
      tellReplayed(reply, started.replayed);
      reply.code(202);
      return {
        job_id: started.jobId,
        incident_id: started.incidentId,
        status: 'accepted',
        message: 'The report was accepted and is being processed',
        timestamp: timeJson(started.acceptedAt),
      };
    },
  );

  app.get<{ Querystring: ReportFilter }>(
    '/reports',
    { config: readConfig, schema: { querystring: filterSchema } },
    async (request) => {
      const { domain_id: domainId = '', status = '' } = request.query;
      const page = wantedPage(request.query, { windowed: true });
      const wanted = { page, domainId, status, ...timeRange(request.query) };
      const found = await reports.listReports(wanted, meshCall(request));
      const { principal } = callerOf(request);
      return {
        reports: found.reports.map((report) => reportRow(report, principal)),
        pagination: paginationJson(found.page),
      };
    },
  );

  app.get<{ Querystring: { readonly as_of?: string } }>(
    '/reports/:incident_id',
    { config: readConfig, schema: { querystring: objectSchema({ as_of: instantSchema }) } },
    async (request, reply) => {
      const incidentId = pathId(request, 'incident_id', 'report');
      const asOf = timeMessage(request.query.as_of);
      const { report } = await reports.getReport({ incidentId, ...(asOf && { asOf }) }, meshCall(request));
      if (!report) throw notFound('report');
      if (!asOf) reply.header('etag', versionTag(report.version));
      return reportJson(report, callerOf(request).principal);
    },
  );
}
