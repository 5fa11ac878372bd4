// Says in a description of the API which bodies may be left out: an absent one counts as an empty object, so those that need no member.
import type { JsonSchema } from './operation.ts';

type Members = Readonly<Record<string, JsonSchema>>;

/** The OpenAPI document with `requestBody.required` as it is. Bodies that are no objects, or of which a schema by name tells, are needed. */
export function withOptionalBodies(document: JsonSchema): JsonSchema {
  const eachOperation = (operation: JsonSchema): JsonSchema => {
    const body = operation.requestBody as JsonSchema | undefined;
    return body ? { ...operation, requestBody: { ...body, required: !isOptional(body) } } : operation;
  };
  const paths = mapMembers(document.paths as Members, (path) => mapMembers(path as Members, eachOperation));
  return { ...document, paths };
}

function isOptional({ content }: JsonSchema): boolean {
  const schemas = Object.values(content as Members).map(({ schema }) => schema as JsonSchema);
  return schemas.every(
    ({ type, required = [], minProperties = 0 }) =>
      type === 'object' && (required as readonly string[]).length === 0 && minProperties === 0,
  );
}

function mapMembers(members: Members, change: (member: JsonSchema) => JsonSchema): Members {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, change(member)]));
}
