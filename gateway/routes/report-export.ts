// /reports/export: every report that matches, as fast as the client reads. An export that breaks off ends without the end of its body.
import type { FastifyInstance } from 'fastify';
import type { Principal } from '../../foundation/identity/principal.ts';
import type { Report } from '../../proto/gen/domainflow/reports/v1/report_pb.js';
import { callerOf } from '../auth/require-principal.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { named, text } from '../core/answer-schema.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { instantSchema, objectSchema, statusSchema, textSchema } from '../http/schema-parts.ts';
import { begun, sendStreamed } from '../http/stream-reply.ts';
import { meshCall } from './mesh-call.ts';
import { csvHeader, csvLines } from './report-csv.ts';
import {
  csvExample,
  exportFeaturesExample,
  exportLinesExample,
  exportLinesSchema,
} from './report-export-schema.ts';
import { reportFeature } from './report-feature.ts';
import { reportJson } from './report-json.ts';
import { type TimeRangeQuery, timeRange } from './time-range.ts';

/** Longest time of an export, in milliseconds: the longest of any call in the mesh. */
const exportTimeoutMs = 20 * 60_000;

interface ExportQuery extends TimeRangeQuery {
  readonly format: Format;
  readonly domain_id?: string;
  readonly status?: string;
}

interface Rendering {
  readonly contentType: string;
  readonly before: string;
  /** The next reports, at least one; `isFirst` for the first of all. */
  readonly render: (reports: readonly Report[], isFirst: boolean, principal: Principal) => string;
  readonly after: string;
}

const renderings = {
  ndjson: {
    contentType: 'application/x-ndjson',
    before: '',
    render: (reports, _isFirst, principal) =>
      reports.map((report) => `${JSON.stringify(reportJson(report, principal))}\n`).join(''),
    after: '',
  },
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    before: csvHeader(),
    render: csvLines,
    after: '',
  },
  geojson: {
    contentType: 'application/geo+json',
    before: '{"type":"FeatureCollection","features":[\n',
    render: (reports, isFirst) =>
      (isFirst ? '' : ',\n') + reports.map((report) => JSON.stringify(reportFeature(report))).join(',\n'),
    after: '\n]}\n',
  },
} as const satisfies Readonly<Record<string, Rendering>>;

type Format = keyof typeof renderings;

const exportSchema = objectSchema({
  format: {
    ...{ type: 'string', enum: Object.keys(renderings), default: 'ndjson' },
    title: 'Whole documents as lines of JSON, a table, or features for maps',
  },
  domain_id: textSchema(1, 50, { title: 'Of this domain alone' }),
  status: { ...statusSchema, title: 'With this status alone' },
  from: { ...instantSchema, title: 'Submitted at this time or later: a time with its zone, or a day' },
  to: { ...instantSchema, title: 'Submitted before this time or day' },
});

const operation: Operation = {
  ...{ id: 'exportReports', tag: 'Reports', summary: 'All reports that match, as a file' },
  description: `As fast as you read, for up to 20 minutes. An export that breaks off ends without the end of its body: a file that arrived whole
is whole. Lines of JSON can be imported again by POST /reports/batch?import=true.`,
  querystring: exportSchema,
  answers: {
    200: {
      description: 'The reports',
      headers: { 'Content-Disposition': { ...text, description: 'Names the file, such as `reports.csv`' } },
      ...{ mediaType: 'application/x-ndjson', schema: exportLinesSchema, example: exportLinesExample },
      others: [
        { mediaType: 'text/csv', schema: text, example: csvExample },
        {
          mediaType: 'application/geo+json',
          ...{ schema: named('ReportFeatures'), example: exportFeaturesExample },
        },
      ],
    },
  },
};

/** Registers the route of exports. */
export function reportExportRoutes(app: FastifyInstance, { reports }: MeshClients): void {
  app.get<{ Querystring: ExportQuery }>(
    '/reports/export',
    {
      config: { role: 'viewer', permission: 'reports:read' },
      schema: routeSchema(operation),
      // It would have to read everything to answer nothing.
      exposeHeadRoute: false,
    },
    async (request, reply) => {
      const { format, domain_id: domainId = '', status = '' } = request.query;
      const wanted = { domainId, status, ...timeRange(request.query) };
      const parts = await begun(reports.exportReports(wanted, meshCall(request, exportTimeoutMs)));
      const rendering = renderings[format];
      reply.header('content-disposition', `attachment; filename="reports.${format}"`);
      const pieces = rendered(rendering, parts, callerOf(request).principal);
      return sendStreamed(request, reply, { contentType: rendering.contentType, pieces });
    },
  );
}

interface Part {
  readonly reports: readonly Report[];
}

// A part at a time, so that only one is held in both forms.
async function* rendered(
  { before, render, after }: Rendering,
  parts: AsyncIterable<Part>,
  principal: Principal,
): AsyncGenerator<string> {
  if (before !== '') yield before;
  let isFirst = true;
  for await (const { reports } of parts) {
    if (reports.length === 0) continue;
    yield render(reports, isFirst, principal);
    isFirst = false;
  }
  if (after !== '') yield after;
}
