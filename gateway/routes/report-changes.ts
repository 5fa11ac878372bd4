// /reports/{incident_id}: change a report, delete it. What a change does to the document is the report service's to say.
import type { FastifyInstance } from 'fastify';
import { Fault, invalidArgument } from '../../foundation/fault/fault.ts';
import type { JsonObject } from '../../foundation/json/json.ts';
import { callerOf } from '../auth/require-principal.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { carriageProblems } from '../core/json-carriage.ts';
import { violationsMax } from '../core/schema-violations.ts';
import { objectSchema, statusSchema } from '../http/schema-parts.ts';
import { ifMatching, requireVersion, versionTag, wantedVersion } from '../http/version-tag.ts';
import { meshCall, startTimeoutMs } from './mesh-call.ts';
import { pathId } from './path-id.ts';
import { reportJson } from './report-json.ts';

interface ReportChange {
  readonly status?: string;
  readonly management_data?: JsonObject;
}

const updateConfig = { role: 'editor', permission: 'reports:update' } as const;
const deleteConfig = { role: 'editor', permission: 'reports:delete' } as const;
const changeSchema = objectSchema({ status: statusSchema, management_data: { type: 'object' } });

/** Registers the routes that change and delete reports. */
export function reportChangeRoutes(app: FastifyInstance, { reports, deletions }: MeshClients): void {
  app.put<{ Body: ReportChange }>(
    '/reports/:incident_id',
    { config: updateConfig, schema: { body: changeSchema } },
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

  app.delete('/reports/:incident_id', { config: deleteConfig }, async (request) => {
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
