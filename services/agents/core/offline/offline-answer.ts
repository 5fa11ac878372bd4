// Fills an agent's output by general rules, without a model: what the rules can derive from the input, and nothing else. It reads no prompt.
import { isJsonObject, type JsonObject as PlainObject } from '../../../../foundation/json/json.ts';
import { closedObjectSchema, schemaKeys } from '../../../../foundation/json/object-schema.ts';
import { type OutputCheck, outputKeysMax } from '../../../../foundation/json/output-check.ts';
import { confidenceOf, type JsonObject, type SkillAnswer, type Span } from '../skill.ts';
import type { FoundValue, OfflineRule, OfflineSource, WantedKey } from './found-value.ts';
import { namedChoice, namedFact, namedNumber, sameKey } from './literal-rules.ts';
import { firstSentence, judgement, namedEntities, phrases, placeOf, timeOfText } from './skill-rules.ts';

/** Confidence of an answer in which nothing could be filled. */
const confidenceNothing = 0.1;

// The first that finds a value which the key's schema allows fills it.
const rules: readonly OfflineRule[] = [
  sameKey,
  namedChoice,
  judgement,
  timeOfText,
  placeOf,
  namedNumber,
  namedFact,
  namedEntities,
  phrases,
  firstSentence,
];

/** The answer. Keys that no rule can fill are left out, required ones too: then the output is not valid, and says which. */
export function offlineAnswer(
  outputSchema: JsonObject,
  source: OfflineSource,
  outputs: OutputCheck,
): SkillAnswer {
  const keys = Object.entries(schemaKeys(outputSchema as PlainObject)).slice(0, outputKeysMax);
  const alone = { ...closedObjectSchema(outputSchema), required: [] };
  const fits = (key: string, { value }: FoundValue): boolean =>
    outputs.problemsOf({ [key]: value }, alone).length === 0;
  const found = keys.flatMap(([key, schema]): [string, FoundValue][] => {
    const wanted = wantedKey(key, isJsonObject(schema) ? schema : {});
    const value = valueFor(wanted, source, (candidate) => fits(key, candidate));
    return value ? [[key, value]] : [];
  });
  const filled = found.map(([key]) => key);
  const spans = found.filter(([, value]) => value.spans.length > 0);
  return {
    output: Object.fromEntries(found.map(([key, { value }]) => [key, value])),
    reasoning: reasonOf(
      filled,
      keys.map(([key]) => key).filter((key) => !filled.includes(key)),
    ),
    confidence: confidenceIn(found.map(([, value]) => value)),
    spans: Object.fromEntries(spans.map(([key, value]): [string, readonly Span[]] => [key, value.spans])),
    references: [],
  };
}

function valueFor(
  wanted: WantedKey,
  source: OfflineSource,
  fits: (found: FoundValue) => boolean,
): FoundValue | undefined {
  for (const rule of rules) {
    const found = rule(wanted, source);
    if (found && fits(found)) return found;
  }
  return undefined;
}

function wantedKey(key: string, schema: JsonObject): WantedKey {
  const { type, enum: choices } = schema;
  const named = Array.isArray(type) ? type.map(String) : typeof type === 'string' ? [type] : [];
  const types = named.length === 0 && Array.isArray(choices) ? ['string'] : named;
  const words = key
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u);
  return { key, schema, types, words: words.filter((word) => word !== '') };
}

function confidenceIn(values: readonly FoundValue[]): number {
  if (values.length === 0) return confidenceNothing;
  return confidenceOf(values.reduce((sum, { confidence }) => sum + confidence, 0) / values.length);
}

function reasonOf(filled: readonly string[], left: readonly string[]): string {
  const done = filled.length === 0 ? 'could fill no key' : `filled ${filled.join(', ')}`;
  const rest = left.length === 0 ? '' : ` and left out ${left.join(', ')}`;
  return `General rules, without a model, ${done}${rest}.`;
}
