// What a JSON Schema validator found, as violations with JSON paths and sentences that a caller understands.
import type { Violation } from '../../foundation/fault/fault.ts';
import { notPlainText } from '../../foundation/json/plain-text.ts';

/** Violations that one answer lists; a body of thousands of wrong items must not make an answer of thousands of lines. */
export const violationsMax = 200;

/** One error of Ajv, as far as it is read here. `parentSchema` is present with the option `verbose`. */
export interface SchemaError {
  readonly keyword: string;
  /** JSON pointer. */
  readonly instancePath: string;
  readonly params: Record<string, unknown>;
  readonly message?: string | undefined;
  readonly parentSchema?: unknown;
  /** What was found at the place. Present with the option `verbose`. */
  readonly data?: unknown;
}

const nouns: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};

/**
 * The violations in order of the errors, at most `violationsMax`, each once. The root of the body is named `body`. In a query a list is a parameter
 * that was given more than once.
 */
export function violationsOf(errors: readonly SchemaError[], place?: 'query'): readonly Violation[] {
  const found = new Map<string, Violation>();
  const listed = new Set(errors.filter(namesValues).map(({ instancePath }) => instancePath));
  for (const error of errors) {
    // Which values there are says of what type they are.
    if (error.keyword === 'type' && listed.has(error.instancePath)) continue;
    const isRepeated = place === 'query' && Array.isArray(error.data);
    const violation = { field: fieldOf(error), reason: isRepeated ? 'must be given once' : reasonOf(error) };
    found.set(`${violation.field}\0${violation.reason}`, violation);
    if (found.size === violationsMax) break;
  }
  return [...found.values()];
}

function namesValues({ keyword }: SchemaError): boolean {
  return keyword === 'enum' || keyword === 'const';
}

function fieldOf({ instancePath, keyword, params }: SchemaError): string {
  const segments = instancePath
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (keyword === 'required') segments.push(String(params.missingProperty));
  const path = segments.map((segment) => (/^\d+$/.test(segment) ? `[${segment}]` : `.${segment}`)).join('');
  return path.replace(/^\./, '') || 'body';
}

function reasonOf({ keyword, params, message, parentSchema }: SchemaError): string {
  const limit = String(params.limit);
  const meaning = (parentSchema as { description?: unknown } | undefined)?.description;
  switch (keyword) {
    case 'required':
      return 'is required';
    case 'type':
      return `must be ${typeNoun(params.type)}`;
    case 'enum':
      return `must be one of ${(params.allowedValues as readonly unknown[]).join(', ')}`;
    case 'const':
      return `must be ${String(params.allowedValue)}`;
    case 'minLength':
      return params.limit === 1 ? 'must not be empty' : `must have at least ${limit} characters`;
    case 'maxLength':
      return `must have at most ${limit} characters`;
    case 'minimum':
      return `must be at least ${limit}`;
    case 'maximum':
      return `must be at most ${limit}`;
    case 'minItems':
      return `must have at least ${limit} items`;
    case 'maxItems':
      return params.limit === 0 && meaning
        ? `must be ${String(meaning)}`
        : `must have at most ${limit} items`;
    case 'format':
      return formatReasons[String(params.format)] ?? 'has the wrong form';
    default:
      return meaning ? `must be ${String(meaning)}` : (message ?? 'is not valid');
  }
}

const formatReasons: Readonly<Record<string, string>> = {
  'plain-text': notPlainText,
  'time-zone': 'must be the name of an IANA time zone',
  instant: 'must be a time with its zone, such as 2026-03-01T10:00:00Z, or a day, such as 2026-03-01',
};

function typeNoun(type: unknown): string {
  const names = Array.isArray(type) ? type.map(String) : String(type).split(',');
  const [name = ''] = names.filter((each) => each !== 'null');
  return nouns[name] ?? name;
}
