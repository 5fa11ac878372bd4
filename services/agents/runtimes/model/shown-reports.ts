// The reports that a query agent is shown before it asks for any: those that the index ranks first for the question, the newest where
// nothing matches (SPEC E8.1).

import type { Clock } from '../../../../foundation/clock.ts';
import { Fault } from '../../../../foundation/fault/fault.ts';
import type { WatchedCache } from '../../../../foundation/rpc/watched-cache.ts';
import type { MeshClients } from '../../clients/mesh-clients.ts';
import type { GeoSources } from '../../core/geo/geo-skill.ts';
import type { Invocation } from '../../core/invocation.ts';
import { type ShownReport, shownReportsMax } from '../../core/model/model-prompt.ts';
import { filterOf, searchesOf } from '../../core/query/search.ts';
import { readQuestion } from '../../core/question.ts';
import type { FoundReport } from '../../core/report-data.ts';
import { createReportIndex } from '../../tools/report-index.ts';
import { readTenantKnowledge } from '../../tools/tenant-knowledge.ts';
import type { InvocationCircumstances } from '../run-agent.ts';

/** What reports are found with. */
export interface ShownReportsDeps {
  readonly clients: MeshClients;
  /** What the registry answered, for as long as it would tell of a change. */
  readonly kept: WatchedCache;
  readonly geo: GeoSources;
  readonly clock: Clock;
}

/** Characters of a report that the index keeps; a summary of this length may be the beginning of more. */
const indexedTextMax = 200;

/** The reports to show, best first; empty for agents that answer no question. Faults of the index and the registry pass through. */
export async function findShownReports(
  deps: ShownReportsDeps,
  { input, domainId, settingsRevision }: Invocation,
  { capability, tenantId, callOptions }: InvocationCircumstances,
): Promise<readonly ShownReport[]> {
  const { question, reference_time: reference } = input;
  if (!answersQuestions(capability) || domainId === '' || typeof question !== 'string') return [];
  const { clients, kept, geo, clock } = deps;
  const registry = { clients, kept, tenantId, callOptions };
  const tenant = await readTenantKnowledge(registry, settingsRevision);
  const parsedMs = typeof reference === 'string' ? Date.parse(reference) : Number.NaN;
  const referenceMs = Number.isNaN(parsedMs) ? clock() : parsedMs;
  const searches = searchesOf(readQuestion({ ...tenant, question, referenceMs }, geo));
  const index = createReportIndex({ index: clients.index, domainId, callOptions });
  for (const filter of [...searches.map(filterOf), {}]) {
    const { reports } = await index.retrieve({ ...filter, limit: shownReportsMax });
    if (reports.length > 0) {
      return Promise.all(reports.map((report) => withMoreText(clients, report, callOptions)));
    }
  }
  return [];
}

// A shadow run is shown what the run would be that it stands for.
function answersQuestions(capability: string): boolean {
  return capability === 'query' || capability === 'shadow_query';
}

/** The report with as much of its text as is shown. */
async function withMoreText(
  { reports }: MeshClients,
  found: FoundReport,
  callOptions: InvocationCircumstances['callOptions'],
): Promise<ShownReport> {
  if (found.summary.length < indexedTextMax) return found;
  try {
    const { report } = await reports.getReport({ incidentId: found.incident_id }, callOptions());
    return { ...found, summary: report?.rawText || found.summary };
  } catch (error) {
    // What is gone since it was found, or cannot be read now, is shown as the index knows it.
    if (error instanceof Fault && error.reason !== 'cancelled') return found;
    throw error;
  }
}
