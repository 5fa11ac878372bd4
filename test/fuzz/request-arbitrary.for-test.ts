// Requests of the operations of a description: valid ones, and ones that are wrong in one place or several.
import fc from 'fast-check';
import type { DescribedOperation, QueryParameter } from '../described/operations.for-test.ts';
import { namesOf, requestTo } from '../isolation/rest-request.for-test.ts';
import type { Names } from '../isolation/seed.for-test.ts';
import { nastyBodies, nastyText, nastyValue } from './nasty-values.for-test.ts';
import { textOfSchema, type ValueSources, valueOfSchema } from './schema-value.for-test.ts';
import type { FuzzRequest } from './send-request.for-test.ts';

/** What requests are made from. */
export interface RequestSources extends ValueSources {
  readonly operations: readonly DescribedOperation[];
  /** Names of another tenant. */
  readonly foreign: Names;
}

const mediaTypes = [
  ...[
    'application/json',
    'application/json; charset=utf-16',
    'text/plain',
    'application/x-ndjson',
    'application/xml',
  ],
  ...[
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'application/problem+json',
    ';',
    '',
  ],
];
const oddHeaders: readonly (readonly [string, readonly string[]])[] = [
  ['idempotency-key', ['', ' ', 'same', 'same', 'x'.repeat(129), 'a\tb', '\u00e9', '"']],
  ['if-match', ['*', '""', 'W/"1"', '"1", "2"', 'x', '"', '"'.repeat(500)]],
  ['if-none-match', ['*', '""', 'W/"1"', 'x', ',,,']],
  ['last-event-id', ['0', '-1', '1e9', '99999999999999999999', 'x', 'A'.repeat(700), '%00', 'null']],
  ['accept', ['text/html', '*/*;q=0', 'text/event-stream', '']],
  ['x-tenant-id', ['system', '00000000-0000-7000-8000-000000000001', "' or 1=1"]],
  ['traceparent', ['00-0-0-00', `00-${'f'.repeat(32)}-${'0'.repeat(16)}-01`, 'x'.repeat(600)]],
  ['origin', ['null', 'https://evil.example']],
  ['content-encoding', ['gzip', 'br', 'identity', 'x', '']],
  ['accept-encoding', ['gzip', 'br', 'zstd', 'identity;q=0', '*;q=0', 'x']],
  ['expect', ['100-continue', 'x']],
  ['accept-language', ['*', 'de;q=1e9']],
];
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'];
const pathSteps = [
  '%00',
  '%2f',
  '%2e%2e',
  '..',
  '.',
  '%ff',
  '%',
  '%u0041',
  '*',
  '~',
  ';a=b',
  '%252e',
  '',
  ' ',
];

const noHeaders = fc.constant<readonly (readonly [string, string])[]>([]);

/** Requests; the shorter of two that fail is found by shrinking. */
export function fuzzRequest(all: RequestSources): fc.Arbitrary<FuzzRequest> {
  return fc.constantFrom(...all.operations).chain((operation) => {
    const names = namesOf(operation, all.names);
    const sources = { ...all, names, foreign: namesOf(operation, all.foreign) };
    const shape = {
      parts: fc.tuple(...operation.pathParts.map((name) => pathPart(name, sources))),
      query: queryText(operation, sources),
      body: bodyText(operation, sources),
      headers: oddly(6, noHeaders, fc.array(oddHeader, { minLength: 1, maxLength: 2 })),
      method: oddly(30, fc.constant(operation.method), fc.constantFrom(...methods)),
      type: oddly(25, fc.constant(operation.body?.mediaType), fc.constantFrom(...mediaTypes)),
      extra: oddly(
        25,
        fc.constant(''),
        fc.constantFrom(...pathSteps).map((step) => `/${step}`),
      ),
    };
    return fc.record(shape).map(({ parts, query, body, headers, method, type, extra }) => {
      let at = 0;
      const path = operation.path.replaceAll(/\{[^}]+\}/g, () => String(parts[at++] ?? ''));
      const typed = body === undefined || type === undefined ? [] : [['content-type', type] as const];
      return { method, target: wireTarget(path + extra + query), headers: [...typed, ...headers], body };
    });
  });
}

/** The usual in most cases, the odd in one of `times`. */
function oddly<T>(times: number, usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: times - 1, arbitrary: usual }, { weight: 1, arbitrary: odd });
}

const oddHeader: fc.Arbitrary<readonly [string, string]> = fc
  .constantFrom(...oddHeaders)
  .chain(([name, values]) => fc.constantFrom(...values).map((value) => [name, value] as const));

// What a client cannot put on a wire at all is no request.
function wireTarget(target: string): string {
  return target.replaceAll(/[^\u0021-\u00ff]/g, (odd) => encodeURIComponent(odd.isWellFormed() ? odd : '?'));
}

function pathPart(name: string, { names, foreign }: RequestSources): fc.Arbitrary<string> {
  const own = fc.constant(names[name] ?? 'x');
  const known = oddly(8, own, fc.constant(foreign[name] ?? 'x'));
  const nasty = fc.oneof(nastyText.map(encoded), fc.constantFrom(...pathSteps));
  return oddly(8, known.map(encoded), nasty);
}

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function queryText({ query }: DescribedOperation, { names, foreign }: RequestSources): fc.Arbitrary<string> {
  const one = (parameter: QueryParameter): fc.Arbitrary<string> => {
    const { name, required, schema } = parameter;
    const known = names[name];
    const usual =
      known === undefined ? textOfSchema(schema) : fc.constantFrom(known, known, foreign[name] ?? known);
    const enumerated = Array.isArray(schema.enum) ? fc.constantFrom(...schema.enum.map(String)) : usual;
    const value = oddly(5, enumerated, nastyText).map((text) => `${name}=${encoded(text)}`);
    const odd = fc.oneof(
      value.map((text) => `${text}&${text}`),
      fc.constantFrom(name, `${name}=`, `${name}[]=1`, `${name}[a]=1`, `${name}=%`),
    );
    const present = oddly(12, value, odd);
    return required
      ? oddly(10, present, fc.constant(''))
      : fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 2, arbitrary: present });
  };
  const extra = oddly(
    20,
    fc.constant(''),
    fc.constantFrom('a=1', '__proto__=1', 'constructor[prototype][a]=1', '&&', '='),
  );
  return fc.tuple(...query.map(one), extra).map((parts) => {
    const asked = parts.filter((part) => part !== '').join('&');
    return asked === '' ? '' : `?${asked}`;
  });
}

function bodyText(operation: DescribedOperation, sources: RequestSources): fc.Arbitrary<string | undefined> {
  const { body } = operation;
  if (!body) return oddly(10, fc.constant(undefined), fc.constantFrom(...nastyBodies));
  const example = requestTo(operation, sources.names).body ?? '';
  const foreign = requestTo(operation, sources.foreign).body ?? '';
  const isLines = body.mediaType.endsWith('ndjson');
  const objects = [example, foreign]
    .flatMap((text) => (isLines ? text.split('\n') : [text]))
    .map((text) => JSON.parse(text));
  const made = isLines ? fc.constantFrom(...objects) : valueOfSchema(body.schema, sources);
  const usual = fc.oneof(fc.constantFrom(...objects), made);
  const spoilt = usual.chain((value) => oneWrong(value));
  const text = fc
    .oneof({ weight: 3, arbitrary: usual }, { weight: 4, arbitrary: spoilt })
    .map((value) => JSON.stringify(value));
  const lines = fc
    .array(fc.oneof(text, nastyText), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('\n'));
  const whole: fc.Arbitrary<string | undefined> = isLines ? lines : text;
  return oddly(12, whole, fc.constantFrom(undefined, ...nastyBodies));
}

/** The value with one place of it replaced, taken away or added to. */
function oneWrong(value: unknown): fc.Arbitrary<unknown> {
  const places = placesIn(value);
  return fc
    .record({ place: fc.constantFrom(...places), by: nastyValue, how: fc.nat(5) })
    .map(({ place, by, how }) => {
      if (how === 0) return changed(value, place, () => undefined);
      if (how === 1)
        return changed(value, [...place, oddKeys[place.length % oddKeys.length] ?? 'x'], () => by);
      return changed(value, place, () => by);
    });
}

const oddKeys = ['__proto__', 'unknown', 'constructor', 'id', 'tenant_id', ''];

type Place = readonly (string | number)[];

function placesIn(value: unknown, at: Place = []): readonly Place[] {
  if (typeof value !== 'object' || value === null) return [at];
  const steps = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [at, ...steps.flatMap((step) => placesIn(Object(value)[step], [...at, step]))];
}

function changed(value: unknown, [step, ...rest]: Place, by: () => unknown): unknown {
  if (step === undefined) return by();
  if (Array.isArray(value)) return value.map((item, at) => (at === step ? changed(item, rest, by) : item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== step);
  const present = Object.hasOwn(value, step) ? Object(value)[step] : undefined;
  return Object.fromEntries([...entries, [step, changed(present, rest, by)]]);
}
