// Links to the images of reports that retrieval_api has found, where they are asked for. The report service signs them for an hour; images that a
// report only links to are told as what they are, and fetched by nobody.
import { asFault } from '../../../foundation/fault/fault.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import type { JsonObject, JsonValue } from '../core/skill.ts';
import type { ToolCircumstances } from './agent-tool.ts';
import type { AnswerTool } from './report-tools.ts';

/** Reports of one answer that are given links, the best matches: each costs a question to the report service. */
export const linkedReportsMax = 20;

/** What links are asked with. */
export interface ImageLinksReach {
  readonly reports: Pick<MeshClients['reports'], 'getReport'>;
  readonly callOptions: ToolCircumstances['callOptions'];
}

/** The tool with its argument `image_links`. Faults of the report service pass through, but for reports that are gone meanwhile. */
export function withImageLinks(retrieve: AnswerTool, reach: ImageLinksReach): AnswerTool {
  return async ({ image_links: wanted = false, ...given }) => {
    const found = (await retrieve(given)) as { readonly reports: readonly JsonObject[] } & JsonObject;
    if (wanted !== true) return found;
    const linked = await Promise.all(
      found.reports.map(async (report, at) =>
        at < linkedReportsMax
          ? { ...report, images: await imagesOf(String(report.incident_id), reach) }
          : report,
      ),
    );
    return { ...found, reports: linked };
  };
}

async function imagesOf(incidentId: string, { reports, callOptions }: ImageLinksReach): Promise<JsonValue> {
  try {
    const { report } = await reports.getReport({ incidentId }, callOptions());
    const images = report?.images.filter(({ url }) => url !== '') ?? [];
    return images.map(({ url, contentType, verified }) => ({ url, content_type: contentType, verified }));
  } catch (error) {
    if (asFault(error).reason === 'not_found') return [];
    throw error;
  }
}
