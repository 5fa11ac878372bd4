// The tool comprehend: entities, sentiment or key phrases of a text, by the rules of the platform's own entity skill. It asks nobody.
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import { describe, type EntityModels } from '../core/entity/entity-skill.ts';
import type { TenantPlace } from '../core/geo/mention.ts';
import type { JsonObject } from '../core/skill.ts';
import type { AnswerTool } from './report-tools.ts';

/** The most characters of a text: those of the longest report. */
export const comprehendedMax = 10_000;

/** The tool for a tenant with these places. Fault `invalid_argument` for a longer text. */
export function createComprehendTool(
  models: EntityModels,
  placesOf: () => Promise<readonly TenantPlace[]>,
): AnswerTool {
  return async ({ text, operation }) => {
    const read = String(text);
    if (read.length > comprehendedMax) {
      throw invalidArgument([{ field: 'text', reason: `must have at most ${comprehendedMax} characters` }]);
    }
    const { output, spans } = describe({ text: read, places: await placesOf() }, models);
    const key = String(operation);
    const places = (spans[key] ?? []).map(({ start, end }) => ({ start, end }));
    return { [key]: output[key] ?? null, spans: places, rules: 'builtin' } satisfies JsonObject;
  };
}
