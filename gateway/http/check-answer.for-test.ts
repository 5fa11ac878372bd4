// Holds an answer against the description of the API: its status is declared, its media type too, and its body fits the schema.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** One answer, as it came over the wire. */
export interface WireAnswer {
  readonly method: string;
  /** Path of the request, without its query. */
  readonly path: string;
  readonly status: number;
  readonly mediaType: string;
  /** The parsed body where it is JSON. */
  readonly body: unknown;
}

/** What is wrong with an answer, a sentence each; empty when it is as described. */
export type AnswerCheck = (answer: WireAnswer) => readonly string[];

interface DescribedAnswer {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, DescribedContent>>;
}

interface DescribedContent {
  readonly schema?: object;
}

interface DescribedOperation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, DescribedAnswer>>;
}

interface DescribedDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: { readonly responses: Readonly<Record<string, DescribedAnswer>> };
}

/** Where the schema of a text of lines tells what each of them is. */
const lineMember = 'x-item-schema';

/** Statuses that are answered before any route is found. */
const beforeRoutes = [405, 408, 410, 414, 431];

/** Checks answers of the API that the document describes. Paths that it does not describe are left alone. */
export function createAnswerCheck(document: Readonly<Record<string, unknown>>): AnswerCheck {
  const described = document as unknown as DescribedDocument;
  const problemsAt = createSchemaCheck(document);
  // One that names a path whole comes before one that has a part for it.
  const templates = Object.keys(described.paths).sort((a, b) => partsOf(a) - partsOf(b));
  return ({ method, path, status, mediaType, body }) => {
    if (beforeRoutes.includes(status)) return [];
    const template = templates.find((each) => fits(each, path));
    const verb = method.toLowerCase();
    const operation = template === undefined ? undefined : described.paths[template]?.[verb];
    if (template === undefined || !operation) return [];
    const place = ['paths', template, verb, 'responses', String(status)];
    const { answer, steps } = answerAt(described, place, operation.responses[status]);
    const { operationId: id } = operation;
    if (!answer) return [`${id} does not say that it answers ${status}`];
    if (!answer.content) return body === null ? [] : [`${id} says that ${status} has no body`];
    const bare = mediaType.split(';')[0] ?? '';
    const content = answer.content[bare];
    if (!content) return [`${id} does not say that ${status} is ${bare}`];
    const { more, values } = valuesIn(content, { mediaType: bare, body });
    const schema = [...steps, 'content', bare, 'schema', ...more];
    return values.flatMap((value) => problemsAt(schema, value)).map((each) => `${id} ${status}: ${each}`);
  };
}

/** What is wrong with a value by the schema at a place of the document, a sentence each. */
export type SchemaCheck = (steps: readonly string[], value: unknown) => readonly string[];

/** Checks values by the schemas of an OpenAPI 3.1 document. */
export function createSchemaCheck(document: Readonly<Record<string, unknown>>): SchemaCheck {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema(document, 'api');
  const kept = new Map<string, ValidateFunction>();
  return (steps, value) => {
    const pointer = `#/${steps.map(pointerStep).join('/')}`;
    const validate = kept.get(pointer) ?? ajv.compile({ $ref: `api${pointer}` });
    kept.set(pointer, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
    );
  };
}

function answerAt(document: DescribedDocument, place: readonly string[], told: DescribedAnswer | undefined) {
  const shared = told?.$ref?.split('/').at(-1);
  if (shared === undefined) return { answer: told, steps: place };
  return { answer: document.components.responses[shared], steps: ['components', 'responses', shared] };
}

function pointerStep(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}

// What of a body is checked, and by which part of its schema.
function valuesIn(
  { schema = {} }: DescribedContent,
  { mediaType, body }: Pick<WireAnswer, 'mediaType' | 'body'>,
): { readonly more: readonly string[]; readonly values: readonly unknown[] } {
  if (!(lineMember in schema)) return { more: [], values: /[/+]json$/.test(mediaType) ? [body] : [] };
  const lines = typeof body === 'string' ? body.split('\n').filter((line) => line !== '') : [];
  return { more: [lineMember], values: lines.map((line) => JSON.parse(line)) };
}

function partsOf(template: string): number {
  return template.split('{').length;
}

function fits(template: string, path: string): boolean {
  const [wanted, given] = [template.split('/'), path.split('/')];
  return (
    wanted.length === given.length && wanted.every((step, at) => step.startsWith('{') || step === given[at])
  );
}
