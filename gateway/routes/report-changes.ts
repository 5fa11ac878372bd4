// /reports/{incident_id}: change a report, delete it. What a change does to the document is the report service's to say.
import type { FastifyInstance } from 'fastify';
import { Fault, invalidArgument } from '../../foundation/fault/fault.ts';
import type { JsonObject } from '../../foundation/json/json.ts';
import { callerOf } from '../auth/require-principal.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { answerObject, named, publicId, text } from '../core/answer-schema.ts';
import { carriageProblems } from '../core/json-carriage.ts';
import { type Operation, routeSchema } from '../core/operation.ts';
import { violationsMax } from '../core/schema-violations.ts';
import { objectSchema, statusSchema } from '../http/schema-parts.ts';
import { ifMatching, requireVersion, versionTag, wantedVersion } from '../http/version-tag.ts';
import { meshCall, startTimeoutMs } from './mesh-call.ts';
import { pathId } from './path-id.ts';
import { changedReportExample, reportExample } from './report-example.ts';
import { reportJson } from './report-json.ts';
import { reportPath, versionHeader } from './report-schema.ts';

interface ReportChange {
  readonly status?: string;
  readonly management_data?: JsonObject;
}

const updateConfig = { role: 'editor', permission: 'reports:update' } as const;
const deleteConfig = { role: 'editor', permission: 'reports:delete' } as const;
const changeSchema = objectSchema({
  status: { ...statusSchema, title: 'A case status in your own words, any but `processing`' },
  management_data: {
    type: 'object',
    title:
      'Is merged into what is recorded: objects member by member, any other value takes the place of the old one',
  },
});

const operations = {
  update: {
    ...{ id: 'updateReport', tag: 'Reports', summary: 'Set the status of a report, record something in it' },
    description: `At least one of the two is needed. The change is recorded as an applied patch, which can be reverted, and enters
\`management_data.history\`, which nobody else writes.`,
    ...{
      params: reportPath,
      headers: ['If-Match'],
      body: changeSchema,
      toldBody: { ...changeSchema, minProperties: 1 },
    },
    bodyExamples: [{ status: 'assigned', management_data: { task_details: { assignee_id: 'roads' } } }],
    answers: {
      200: {
        description: 'The report after the change',
        ...{
          schema: named('ChangedReport'),
          example: changedReportExample,
          headers: { ETag: versionHeader },
        },
      },
    },
    refusals: {
      400: 'body: must hold status or management_data',
      409: 'Others keep changing the report',
    },
  },
  remove: {
    ...{ id: 'deleteReport', tag: 'Reports', summary: 'Delete a report with its images and patches' },
    description: `A run of it that has not ended is cancelled. Answers that rest on it mark the reference as deleted. An editor may
delete only reports that they submitted.`,
    ...{ params: reportPath, headers: ['If-Match'] },
    answers: {
      200: {
        description: 'The report is gone',
        schema: answerObject({ message: text, incident_id: publicId('inc') }),
        example: { message: 'The report was deleted', incident_id: reportExample.incident_id },
      },
    },
    refusals: { 409: 'Others keep changing the report' },
  },
} satisfies Record<string, Operation>;

/** Registers the routes that change and delete reports. */
export function reportChangeRoutes(app: FastifyInstance, { reports, deletions }: MeshClients): void {
  app.put<{ Body: ReportChange }>(
    '/reports/:incident_id',
    { config: updateConfig, schema: routeSchema(operations.update) },
    async (request, reply) => {
      const expectedVersion = wantedVersion(request);
      const incidentId = pathId(request, 'incident_id', 'report');
      const wanted = { incidentId, expectedVersion, ...changeOf(request.body) };
      const updated = await ifMatching(expectedVersion, reports.updateReport(wanted, meshCall(request)));
      const { report, patchId } = updated;
      if (!report) throw new Fault('internal', 'A changed report was not answered');
      reply.header('etag', versionTag(report.version));
      return { ...reportJson(report, callerOf(request).principal), patch_id: patchId || null };
    },
  );

  const deletion = { config: deleteConfig, schema: routeSchema(operations.remove) };
  app.delete('/reports/:incident_id', deletion, async (request) => {
    const incidentId = pathId(request, 'incident_id', 'report');
    const expectedVersion = wantedVersion(request);
    if (expectedVersion > 0n) {
      const { report } = await reports.getReport({ incidentId }, meshCall(request));
      requireVersion(expectedVersion, report?.version);
    }
    await deletions.deleteReport({ incidentId }, meshCall(request, startTimeoutMs));
    return { message: 'The report was deleted', incident_id: incidentId };
  });
}

function changeOf({ status, management_data: managementData }: ReportChange) {
  if (status === undefined && managementData === undefined) {
    throw invalidArgument([{ field: 'body', reason: 'must hold status or management_data' }]);
  }
  const problems = carriageProblems(managementData ?? {}, 'management_data');
  if (problems.length > 0) throw invalidArgument(problems.slice(0, violationsMax));
  return { status: status ?? '', ...(managementData && { managementData }) };
}
