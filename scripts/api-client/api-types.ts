// TypeScript types of the API from its description: a name for each schema and for each part of each operation, and `paths` in the shape that
// openapi-fetch takes.
import { compile } from 'json-schema-to-typescript';
import type { Answer, Content, DescribedOperation, OpenApiDocument, Parameter, Schema } from './open-api.ts';

const banner = '// Types of the API, generated from its description by `npm run generate`.';
const componentPrefix = '#/components/schemas/';
const formatting = { singleQuote: true, printWidth: 110, trailingComma: 'all' } as const;

/** What is collected on the way: named schemas in order, and what stands for each operation. */
interface Collected {
  readonly named: Map<string, Schema>;
  readonly document: OpenApiDocument;
}

/** The text of the module. */
export async function apiTypes(document: OpenApiDocument): Promise<string> {
  const named = new Map(Object.entries(document.components.schemas ?? {}));
  const collected = { named, document };
  const byPath = Object.entries(document.paths).map(([path, operations]) => ({
    path,
    methods: Object.entries(operations).map(([method, operation]) => ({ method, operation })),
  }));
  const operations = byPath.flatMap(({ methods }) =>
    methods.map(({ operation }) => operationText(collected, operation)),
  );
  const paths = byPath.map(({ path, methods }) => {
    const members = methods.map(
      ({ method, operation }) => `    ${method}: Operations['${operation.operationId}'];`,
    );
    return [`  '${path}': {`, ...members, '  };'].join('\n');
  });
  const schemas = await schemaTypes(named);
  return [
    ...[banner, '', schemas.trim(), ''],
    ...['/** The operations by their names. */', 'export interface Operations {', ...operations, '}', ''],
    ...['/** The operations by path and method. */', 'export interface paths {', ...paths, '}', ''],
  ].join('\n');
}

function operationText(collected: Collected, operation: DescribedOperation): string {
  const { operationId: id, summary, parameters = [], requestBody, responses } = operation;
  const name = id.charAt(0).toUpperCase() + id.slice(1);
  const places = (['path', 'query', 'header'] as const).map((place) =>
    parametersText(collected, {
      ...{ place, name: name + place.charAt(0).toUpperCase() + place.slice(1) },
      parameters: parameters.filter((each) => each.in === place),
    }),
  );
  const body = requestBody && contentText(collected, requestBody.content, `${name}Body`);
  const statuses = Object.keys(responses);
  const answers = statuses.filter(isSuccess).map((status) => {
    const { content } = answerOf(collected, responses[status] ?? {});
    return `      ${status}: { ${contentText(collected, content, `${name}Answer${status}`)} };`;
  });
  return [
    `  /** ${(summary ?? id).replaceAll('*/', '* /')}. */`,
    `  ${id}: {`,
    `    parameters: { ${places.join(' ')} };`,
    body
      ? `    requestBody${requestBody?.required === true ? '' : '?'}: { ${body} };`
      : '    requestBody?: never;',
    ...['    responses: {', ...answers, ...(statuses.every(isSuccess) ? [] : [refusals]), '    };', '  };'],
  ].join('\n');
}

function answerOf({ document }: Collected, answer: Answer): Answer {
  if (answer.$ref === undefined) return answer;
  const shared = document.components.responses?.[answer.$ref.split('/').at(-1) ?? ''];
  if (!shared) throw new Error(`${answer.$ref} is not in the description`);
  return shared;
}

/** Every refusal is a problem. */
const refusals = "      default: { content: { 'application/problem+json': Problem } };";

function isSuccess(status: string): boolean {
  return status.startsWith('2');
}

interface PlacedParameters {
  readonly place: Parameter['in'];
  readonly name: string;
  readonly parameters: readonly Parameter[];
}

function parametersText({ named }: Collected, { place, name, parameters }: PlacedParameters): string {
  if (parameters.length === 0) return `${place}?: never;`;
  const properties = parameters.map((each) => {
    const { description } = each;
    return [each.name, { ...each.schema, ...(description === undefined ? {} : { description }) }];
  });
  const required = parameters
    .filter((each) => each.required === true || place === 'path')
    .map((each) => each.name);
  addNamed(named, name, {
    ...{ type: 'object', additionalProperties: false, required },
    properties: Object.fromEntries(properties),
  });
  return `${place}${required.length > 0 ? '' : '?'}: ${name};`;
}

function contentText({ named }: Collected, content: Content | undefined, name: string): string {
  if (!content) return 'content?: never;';
  const bodies = Object.entries(content).map(([type, { schema }]) => {
    if (!/[/+]json$/.test(type) || !schema) return `'${type}': string;`;
    const reference = String(schema.$ref ?? '');
    if (reference.startsWith(componentPrefix))
      return `'${type}': ${reference.slice(componentPrefix.length)};`;
    addNamed(named, name, schema);
    return `'${type}': ${name};`;
  });
  return `content: { ${bodies.join(' ')} };`;
}

function addNamed(named: Map<string, Schema>, name: string, schema: Schema): void {
  if (named.has(name)) throw new Error(`Two schemas are named ${name}: rename the schema or the operation`);
  named.set(name, schema);
}

async function schemaTypes(named: ReadonlyMap<string, Schema>): Promise<string> {
  const definitions = Object.fromEntries([...named].map(([name, schema]) => [name, plainSchema(schema)]));
  const root = { title: 'Unnamed', type: 'object', additionalProperties: false, definitions };
  const options = {
    ...{ bannerComment: '', additionalProperties: false, unknownAny: true, unreachableDefinitions: true },
    ...{ ignoreMinAndMaxItems: true, style: formatting, customName: (_: unknown, key?: string) => key },
  };
  const text = await compile(root as Parameters<typeof compile>[0], 'Unnamed', options);
  return text
    .replace(/export interface Unnamed \{\s*\}\n/, '')
    .replaceAll(/(?: \*\n)? \* This (?:interface|type) was referenced by .*\n \* via .*\n/g, '')
    .replaceAll(/\/\*\*\n \*\/\n/g, '');
}

/** Members of a schema that say nothing of its type, or would give it a second name. */
const silent = ['$id', 'title', 'examples', 'example', 'default', 'format', 'pattern', 'discriminator'];

// In the words of the compiler: references to definitions; an object of which nothing is said may hold anything, and a value may be anything.
function plainSchema(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(plainSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref, prefixItems, ...rest } = schema as Schema;
  // The compiler knows no tuples of this form; a list of what may stand in them comes near enough.
  const given: Schema = prefixItems === undefined ? rest : { ...rest, items: { anyOf: prefixItems } };
  if (typeof $ref === 'string') return { $ref: $ref.replace(componentPrefix, '#/definitions/') };
  const members = Object.entries(given).filter(([name]) => !silent.includes(name));
  const told = Object.fromEntries(members.map(([name, value]) => [name, plainMember(name, value)]));
  const isOpen = given.type === 'object' && !given.properties && given.additionalProperties === undefined;
  const isChoice = given.anyOf ?? given.oneOf ?? given.allOf;
  // The compiler would take a value of which nothing is said for an object.
  if (Object.keys(told).every((name) => name === 'description')) return { ...told, tsType: 'unknown' };
  return isOpen && !isChoice ? { ...told, additionalProperties: true } : told;
}

// The names of properties are no words of the schema.
function plainMember(name: string, value: unknown): unknown {
  if (name !== 'properties') return plainSchema(value);
  const properties = Object.entries(value as Record<string, unknown>);
  return Object.fromEntries(properties.map(([property, schema]) => [property, plainSchema(schema)]));
}
