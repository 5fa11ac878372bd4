// The tool comprehend: entities, sentiment or key phrases of a text, by the rules of the platform's own entity skill, which ask nobody, or by
// Amazon Comprehend where a deployment has chosen it.
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import { describe, type EntityModels } from '../core/entity/entity-skill.ts';
import type { TenantPlace } from '../core/geo/mention.ts';
import type { JsonObject } from '../core/skill.ts';
import type { AmazonComprehend, ComprehendOperation } from './amazon-comprehend.ts';
import type { AnswerTool } from './report-tools.ts';

/** The most characters of a text that the rules read: those of the longest report. */
export const comprehendedMax = 10_000;

/** What the tool reads with. */
export interface ComprehendSources {
  readonly models: EntityModels;
  /** The tenant's places, which the rules count as places. */
  readonly placesOf: () => Promise<readonly TenantPlace[]>;
  /** Undefined for the rules. */
  readonly amazon: AmazonComprehend | undefined;
}

/** The tool for one call. Fault `invalid_argument` for a text that is too long or in a language that is not read; faults of the service pass through. */
export function createComprehendTool(sources: ComprehendSources, signal: AbortSignal): AnswerTool {
  return async ({ text, operation, language }) => {
    const asked = { text: String(text), operation: operation as ComprehendOperation };
    const wanted = language === undefined ? undefined : String(language);
    if (sources.amazon) return sources.amazon.read({ ...asked, language: wanted, signal });
    return readByRules({ ...asked, language: wanted }, sources);
  };
}

interface ReadByRules {
  readonly text: string;
  readonly operation: ComprehendOperation;
  readonly language: string | undefined;
}

async function readByRules(
  { text, operation, language = 'en' }: ReadByRules,
  { models, placesOf }: ComprehendSources,
): Promise<JsonObject> {
  const isLong = text.length > comprehendedMax;
  const problems = [
    ...(isLong ? [{ field: 'text', reason: `must have at most ${comprehendedMax} characters` }] : []),
    ...(language === 'en'
      ? []
      : [{ field: 'language', reason: 'must be en or left out: others are not read here' }]),
  ];
  if (problems.length > 0) throw invalidArgument(problems);
  const { output, spans } = describe({ text, places: await placesOf() }, models);
  const places = (spans[operation] ?? []).map(({ start, end }) => ({ start, end }));
  return { [operation]: output[operation] ?? null, spans: places, rules: 'builtin' };
}
