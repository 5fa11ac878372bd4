// The operations that a served description of the API holds, in the form in which tests make requests of them.

/** A parameter of a query. */
export interface QueryParameter {
  readonly name: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The body of a request. */
export interface RequestBody {
  readonly mediaType: string;
  readonly schema: JsonSchema;
  /** Whole bodies; a text for lines. */
  readonly examples: readonly unknown[];
}

/** One operation. */
export interface DescribedOperation {
  readonly id: string;
  readonly method: string;
  /** With `{name}` for what stands for a name. */
  readonly path: string;
  readonly pathParts: readonly string[];
  readonly query: readonly QueryParameter[];
  readonly body: RequestBody | undefined;
  /** The least role; undefined for an open route. */
  readonly role: string | undefined;
  readonly permission: string | undefined;
  /** True where a success is an event stream. */
  readonly isStream: boolean;
}

/** A served description. */
export type ApiDocument = Readonly<Record<string, unknown>>;

interface Told {
  readonly operationId: string;
  readonly parameters?: readonly (QueryParameter & { readonly in: string })[];
  readonly requestBody?: { readonly content: Readonly<Record<string, ToldBody>> };
  readonly responses: Readonly<Record<string, { readonly content?: object }>>;
  readonly 'x-role'?: string;
  readonly 'x-permission'?: string;
}

interface ToldBody {
  readonly schema: JsonSchema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

/** Every operation of the document, in its order. */
export function operationsOf(document: ApiDocument): readonly DescribedOperation[] {
  const paths = document.paths as Readonly<Record<string, Readonly<Record<string, Told>>>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, told]) => operationOf(`${method.toUpperCase()} ${path}`, told)),
  );
}

function operationOf(line: string, told: Told): DescribedOperation {
  const [method = '', path = ''] = line.split(' ');
  const { operationId: id, parameters = [], requestBody, responses } = told;
  const success = Object.keys(responses['200']?.content ?? {});
  return {
    ...{ id, method, path, pathParts: [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name) },
    query: parameters.filter((parameter) => parameter.in === 'query'),
    body: requestBody && bodyOf(requestBody.content),
    ...{ role: told['x-role'], permission: told['x-permission'] },
    isStream: success.includes('text/event-stream'),
  };
}

function bodyOf(content: Readonly<Record<string, ToldBody>>): RequestBody | undefined {
  const [found] = Object.entries(content);
  if (!found) return undefined;
  const [mediaType, { schema, example, examples = {} }] = found;
  const several = Object.values(examples).map(({ value }) => value);
  return { mediaType, schema, examples: example === undefined ? several : [example] };
}
