// The offline runtime: stands in for a language model where the deployment has none, with general rules over what the builtin skills read.
// It asks the registry for the tenant's zone and places, calls no tool, and never passes for a model.
import type { Clock } from '../../../../foundation/clock.ts';
import type { OutputCheck } from '../../../../foundation/json/output-check.ts';
import type { WatchedCache } from '../../../../foundation/rpc/watched-cache.ts';
import type { MeshClients } from '../../clients/mesh-clients.ts';
import { describe, type EntityModels } from '../../core/entity/entity-skill.ts';
import { type GeoSources, locate } from '../../core/geo/geo-skill.ts';
import { sourceText } from '../../core/offline/literal-rules.ts';
import { offlineAnswer } from '../../core/offline/offline-answer.ts';
import { timeOf } from '../../core/temporal/temporal-skill.ts';
import { readTenantKnowledge } from '../../tools/tenant-knowledge.ts';
import type { RunAgent } from '../run-agent.ts';

/** What the rules are run with. */
export interface OfflineDeps {
  readonly clients: MeshClients;
  /** What the registry answered, for as long as it would tell of a change. */
  readonly kept: WatchedCache;
  readonly geo: GeoSources;
  readonly models: EntityModels;
  readonly outputs: OutputCheck;
  readonly clock: Clock;
}

/** Who answered, as logs and provenance say it. */
export const offlineName = 'offline rules';

/** The most of a text that rules read, in UTF-16 code units. */
const textLengthMax = 20_000;

/** Runs agents by rules. */
export function createOfflineRuntime({ clients, kept, geo, models, outputs, clock }: OfflineDeps): RunAgent {
  return async ({ input, outputSchema, settingsRevision }, { tenantId, callOptions }) => {
    const tenant = await readTenantKnowledge({ clients, kept, tenantId, callOptions }, settingsRevision);
    const { places, timeZone, homeArea } = tenant;
    const text = sourceText({ input }).slice(0, textLengthMax);
    const reference =
      typeof input.reference_time === 'string' ? Date.parse(input.reference_time) : Number.NaN;
    const referenceMs = Number.isNaN(reference) ? clock() : reference;
    const source = {
      ...{ text, input },
      geo: locate({ text, places, ...(homeArea ? { homeArea } : {}) }, geo),
      time: timeOf({ text, referenceMs, timeZone }),
      entity: describe({ text, places }, models),
    };
    return { answer: offlineAnswer(outputSchema, source, outputs), runtime: offlineName };
  };
}
