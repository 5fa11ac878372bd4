// /reports: submit a report, read it, list reports. Changes, batches and exports are in files of their own.
import type { FastifyInstance } from 'fastify';
import { notFound } from '../../foundation/fault/fault.ts';
import { callerOf } from '../auth/require-principal.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { named, pageOf } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
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
import { pageExample } from './page-schema.ts';
import { pathId } from './path-id.ts';
import {
  acceptedReportExample,
  newReportExample,
  reportExample,
  reportRowExample,
} from './report-example.ts';
import { reportJson, reportRow } from './report-json.ts';
import { reportPath, versionHeader } from './report-schema.ts';
import { type NewReport, newReportSchema, submissionBytesMax, submitReport } from './report-submission.ts';
import { timeJson } from './time-json.ts';
import { type TimeRangeQuery, timeMessage, timeRange } from './time-range.ts';

interface ReportFilter extends PageQuery, TimeRangeQuery {
  readonly domain_id?: string;
  readonly status?: string;
}

const filterSchema = listQuerySchema({
  domain_id: textSchema(1, 50, { title: 'Of this domain alone' }),
  status: { ...statusSchema, title: 'With this status alone' },
  from: { ...instantSchema, title: 'Submitted at this time or later: a time with its zone, or a day' },
  to: { ...instantSchema, title: 'Submitted before this time or day' },
});
const asOfSchema = objectSchema({
  as_of: { ...instantSchema, title: 'Shows the report as it was at this time, such as 2026-03-01T10:00:00Z' },
});

const operations = {
  create: {
    ...{ id: 'createReport', tag: 'Reports', summary: 'Submit a report' },
    description: `The ingestion playbook of the domain runs in the background: follow it by \`job_id\` under /executions, or read the report
until its status is no longer \`processing\`. Images are data URLs, \`image_url\`s of POST /reports/images, or https links, which are kept as
links and never fetched. The body has at most 36 MB, an image at most 5 MB.`,
    ...{ body: newReportSchema, bodyExamples: [newReportExample] },
    answers: {
      202: {
        description: 'The run is recorded and goes on by itself',
        ...{ schema: named('AcceptedReport'), example: acceptedReportExample },
      },
    },
    refusals: { 404: 'No such domain', 413: 'images[0]: must be an image of at most 5242880 bytes' },
  },
  list: {
    ...{ id: 'listReports', tag: 'Reports', summary: 'Reports, the newest first' },
    description: 'Pages by number reach the first 10,000 reports; `next_cursor` leads on beyond them.',
    querystring: filterSchema,
    answers: {
      200: {
        description: 'A page',
        schema: pageOf('reports', named('ReportRow')),
        example: pageExample('reports', [reportRowExample]),
      },
    },
  },
  get: {
    ...{ id: 'getReport', tag: 'Reports', summary: 'A report' },
    description: 'Its past is read from its patches. Before it was submitted there was no such report.',
    ...{ params: reportPath, querystring: asOfSchema },
    answers: {
      200: {
        description: 'The report, now or as it was',
        ...{ schema: named('Report'), example: reportExample, headers: { ETag: versionHeader } },
      },
    },
  },
} satisfies Record<string, Operation>;

const createConfig = { role: 'editor', permission: 'reports:create', remembersRequests: true } as const;
const readConfig = { role: 'viewer', permission: 'reports:read' } as const;

/** Registers the routes that submit and read reports. */
export function reportRoutes(app: FastifyInstance, clients: MeshClients): void {
  const { reports } = clients;

  app.post<{ Body: NewReport }>(
    '/reports',
    { config: createConfig, schema: routeSchema(operations.create), bodyLimit: submissionBytesMax },
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
    { config: readConfig, schema: routeSchema(operations.list) },
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
    { config: readConfig, schema: routeSchema(operations.get) },
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
