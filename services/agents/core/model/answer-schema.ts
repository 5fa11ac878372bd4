// The JSON Schema of a whole answer, for providers that hold models to a schema.
import { closedObjectSchema } from '../../../../foundation/json/object-schema.ts';
import type { JsonObject } from '../skill.ts';

/** The schema of the answer of an agent with this output schema. Only the output is required: the rest has defaults. */
export function answerSchema(outputSchema: JsonObject): JsonObject {
  const words = { type: 'array', items: { type: 'string' } };
  return {
    type: 'object',
    properties: {
      output: closedObjectSchema(outputSchema),
      reasoning: { type: 'string' },
      confidence: { type: 'number' },
      references: words,
      spans: { type: 'object', additionalProperties: words },
    },
    required: ['output'],
    additionalProperties: false,
  };
}
