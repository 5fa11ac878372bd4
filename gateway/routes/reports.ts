// /reports: submit a report, read it, list reports.
import type { FastifyInstance } from 'fastify';
import { notFound } from '../../foundation/fault/fault.ts';
import { callerOf } from '../auth/require-principal.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { type PageQuery, wantedPage } from '../core/page-query.ts';
import {
  domainIdSchema,
  listQuerySchema,
  objectSchema,
  statusSchema,
  textSchema,
} from '../http/schema-parts.ts';
import { meshCall, startTimeoutMs } from './mesh-call.ts';
import { paginationJson } from './page-json.ts';
import { pathId } from './path-id.ts';
import { reportJson, reportRow } from './report-json.ts';
import { timeJson } from './time-json.ts';

/** Largest body of a submission, in bytes. */
const reportBodyBytesMax = 36 * 1024 * 1024;

interface NewReport {
  readonly domain_id: string;
  readonly text: string;
  readonly source: string;
}

interface ReportFilter extends PageQuery {
  readonly domain_id?: string;
  readonly status?: string;
}

const newReportSchema = objectSchema(
  {
    domain_id: domainIdSchema,
    text: textSchema(1, 10_000),
    source: textSchema(1, 50, { default: 'web' }),
    images: { type: 'array', maxItems: 0, description: 'empty: this version takes no images' },
  },
  ['domain_id', 'text'],
);

/** Registers the routes of reports. */
export function reportRoutes(app: FastifyInstance, { reports, executions }: MeshClients): void {
  app.post<{ Body: NewReport }>(
    '/reports',
    {
      config: { role: 'editor', permission: 'reports:create' },
      schema: { body: newReportSchema },
      bodyLimit: reportBodyBytesMax,
    },
    async (request, reply) => {
      const { domain_id: domainId, text, source } = request.body;
      const call = meshCall(request, startTimeoutMs);
      const started = await executions.startIngestion({ domainId, text, source }, call);
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
    {
      config: { role: 'viewer', permission: 'reports:read' },
      schema: { querystring: listQuerySchema({ domain_id: textSchema(1, 50), status: statusSchema }) },
    },
    async (request) => {
      const { domain_id: domainId = '', status = '' } = request.query;
      const page = wantedPage(request.query, { windowed: true });
      const found = await reports.listReports({ page, domainId, status }, meshCall(request));
      const { principal } = callerOf(request);
      return {
        reports: found.reports.map((report) => reportRow(report, principal)),
        pagination: paginationJson(found.page),
      };
    },
  );

  app.get(
    '/reports/:incident_id',
    { config: { role: 'viewer', permission: 'reports:read' } },
    async (request) => {
      const incidentId = pathId(request, 'incident_id', 'report');
      const { report } = await reports.getReport({ incidentId }, meshCall(request));
      if (!report) throw notFound('report');
      return reportJson(report, callerOf(request).principal);
    },
  );
}
