// Keeps a description of the API small: a refusal that several operations answer alike is told once and referred to, and a body that is a
// named schema is that and nothing around it.
import type { JsonSchema } from './operation.ts';
import { bareSchema } from './told-schema.ts';

type Members = Readonly<Record<string, JsonSchema>>;

/** The OpenAPI document with bare bodies, and its refusals in `components.responses`, named by their titles and numbered where a title has several. */
export function shareRefusals(document: JsonSchema): JsonSchema {
  const names = new Map<string, string>();
  const responses: Record<string, JsonSchema> = {};
  const shared = (answer: JsonSchema): JsonSchema => {
    const problem = problemIn(answer);
    if (!problem) return answer;
    const text = JSON.stringify(answer);
    const name = names.get(text) ?? freeName(problem.title, responses);
    names.set(text, name);
    responses[name] = answer;
    return { $ref: `#/components/responses/${name}` };
  };
  const eachOperation = (operation: JsonSchema): JsonSchema => ({
    ...operation,
    ...(operation.requestBody ? { requestBody: bareBody(operation.requestBody as JsonSchema) } : {}),
    responses: mapMembers(operation.responses as Members, shared),
  });
  const paths = mapMembers(document.paths as Members, (path) => mapMembers(path as Members, eachOperation));
  return { ...document, paths, components: { ...(document.components as object), responses } };
}

function bareBody(body: JsonSchema): JsonSchema {
  const bare = (media: JsonSchema): JsonSchema => ({
    ...media,
    schema: bareSchema(media.schema as JsonSchema),
  });
  return { ...body, content: mapMembers(body.content as Members, bare) };
}

function problemIn(answer: JsonSchema): { readonly title: string } | undefined {
  const content = (answer.content ?? {}) as Members;
  return content['application/problem+json']?.example as { readonly title: string } | undefined;
}

function freeName(title: string, taken: Members): string {
  const word = title
    .split(' ')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
  const names = Object.keys(taken).filter((name) => name.replace(/[0-9]+$/, '') === word);
  return names.length === 0 ? word : `${word}${names.length + 1}`;
}

function mapMembers(members: Members, change: (member: JsonSchema) => JsonSchema): Members {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, change(member)]));
}
