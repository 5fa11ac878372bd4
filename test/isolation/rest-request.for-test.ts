// Requests of every REST operation, made from its description: path parts, filters and members of the example body that name an object are
// given names. What should name one and is not known by name is an error, so that a new kind of object is not left out.
import type { DescribedOperation } from '../described/operations.for-test.ts';
import type { Names } from './seed.for-test.ts';

/** A request as it is sent, without a credential. */
export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** An answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  /** Every byte of it as text. */
  readonly raw: string;
}

/** What questions need besides names, where they cannot be asked without. */
const queries: Readonly<Record<string, string>> = {
  '/api/v1/data/aggregated': 'group_by=status',
  '/api/v1/circuit-breakers/{service}/force-state': 'state=closed',
};
/** Lists of names by their members in bodies. */
const lists: Readonly<Record<string, string>> = {
  ...{ agent_ids: 'agent_id', running_task_ids: 'task_id', dependencies: 'workflow_id' },
  ...{ members: 'user_id', agent_dependencies: 'agent_id', tools: 'tool_name', images: 'image_url' },
};
/** Members that hold what their senders like. */
const free = [
  ...['management_data', 'ingestion_data', 'output_schema', 'parameters_schema', 'expected'],
  ...['input_data', 'output', 'metadata', 'metrics'],
];
/** Path parts of API v2 that are no names. */
const words: Names = { operation: 'activate', attempt: '1' };
/** How much of a stream is awaited, in milliseconds. */
const streamMs = 200;

/** What names stand for in the operation: those of API v2 are kept as `v2.<name>`, since some stand for something else in v1. */
export function namesOf({ path }: Pick<DescribedOperation, 'path'>, names: Names): Names {
  if (!path.startsWith('/api/v2/')) return names;
  const own = Object.entries(names).flatMap(([name, value]) =>
    name.startsWith('v2.') ? [[name.slice('v2.'.length), value] as const] : [],
  );
  return { ...names, ...words, ...Object.fromEntries(own) };
}

/** Path parts of the operation that name an object. */
export function namedParts({ path, pathParts }: DescribedOperation): readonly string[] {
  return path.startsWith('/api/v2/') ? pathParts.filter((part) => words[part] === undefined) : pathParts;
}

/** A request of the operation that names what `names` names. Throws where something is named that is not among them. */
export function requestTo(operation: DescribedOperation, known: Names): RestRequest {
  const { method, path, query, body } = operation;
  const names = namesOf(operation, known);
  const filled = path.replaceAll(/\{([^}]+)\}/g, (_part, name: string) =>
    encodeURIComponent(named(name, operation, names)),
  );
  const filters = query.flatMap(({ name, required }) => {
    if (names[name] === undefined && (!required || queries[path]?.startsWith(`${name}=`))) return [];
    return [`${name}=${encodeURIComponent(named(name, operation, names))}`];
  });
  const asked = [...filters, queries[path] ?? ''].filter((part) => part !== '').join('&');
  return {
    ...{ method, path: asked === '' ? filled : `${filled}?${asked}` },
    headers: body ? { 'content-type': body.mediaType } : {},
    body: body && bodyText(operation, names),
  };
}

function named(name: string, { method, path }: DescribedOperation, names: Names): string {
  const value = names[name];
  if (value === undefined) throw new Error(`${method} ${path}: nothing was made that ${name} could name`);
  return value;
}

function bodyText(operation: DescribedOperation, names: Names): string {
  const { method, path, body } = operation;
  const [example] = body?.examples ?? [];
  if (example === undefined) throw new Error(`${method} ${path} has a body without an example`);
  const rename = (value: unknown) => renamed(value, operation, names);
  if (typeof example !== 'string') return JSON.stringify(rename(example));
  const lines = example.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.stringify(rename(JSON.parse(line)))).join('\n');
}

function renamed(value: unknown, operation: DescribedOperation, names: Names): unknown {
  if (Array.isArray(value)) return value.map((item) => renamed(item, operation, names));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, member]) => {
    if (free.includes(key)) return [key, member];
    if (typeof member === 'string' && /(?:_id|^tool_name|^golden_set)$/.test(key))
      return [key, named(key, operation, names)];
    if (lists[key] && Array.isArray(member)) return [key, [named(lists[key], operation, names)]];
    return [key, renamed(member, operation, names)];
  });
  return Object.fromEntries(members);
}

/** Sends the request; of a stream that goes on, the beginning is read. */
export async function sendRaw(
  gatewayUrl: string,
  { method, path, headers, body }: RestRequest,
  more: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> {
  const leaving = new AbortController();
  const response = await fetch(gatewayUrl + path, {
    ...{ method, headers: { ...headers, ...more }, signal: leaving.signal },
    ...(body === undefined ? {} : { body }),
  });
  const isOpen = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  const timer = isOpen ? setTimeout(() => leaving.abort(), streamMs) : undefined;
  const text = await textOf(response);
  clearTimeout(timer);
  const { status } = response;
  return {
    status,
    headers: response.headers,
    body: text,
    raw: `${JSON.stringify([...response.headers])}\n${text}`,
  };
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of body ?? []) chunks.push(chunk);
  } catch {
    // It was left.
  }
  return Buffer.concat(chunks).toString('utf8');
}
