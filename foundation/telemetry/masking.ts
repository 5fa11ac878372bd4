// Masks what must not reach a log: values under telling keys, and secrets inside text. It also bounds what one line can hold.
import { isErrorLike } from './error-shape.ts';
import { missingModuleOf } from './missing-module.ts';

/** How deep a logged object is followed; deeper values become `[deep]`. */
export const logDepthMax = 6;
/** Entries kept of one logged object or list; the rest is left out. */
export const logEntriesMax = 100;
/** Characters kept of one logged text. */
export const logTextCharactersMax = 8_192;

const mask = '[masked]';
const secretKey =
  /authorization|cookie|passw(or)?d|passphrase|secret|token|credential|prompt|(api|private|signing)[_-]?key/i;
const aboutSecret = /([_-](hash|bytes|count|ids?|name|ms)|(Hash|Bytes|Count|Ids?|Name|Ms))$/;

const secretTexts: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${mask}`],
  [/:\/\/[^\s/:@"\\]+:[^\s/@"\\]+@/g, `://${mask}@`],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, mask],
  [/\b(password|passwd|token|secret|api_?key|access_token)=[^\s&"\\,;]+/gi, `$1=${mask}`],
];

/** The text without bearer credentials, signed tokens, passwords in URLs and `password=…` pairs. JSON stays valid JSON. */
export function maskText(text: string): string {
  return secretTexts.reduce((masked, [pattern, replacement]) => masked.replace(pattern, replacement), text);
}

/** True when a value under this key is masked unless it is a number, a boolean or absent. Hashes, sizes, ids and names are not secret. */
export function isSecretKey(key: string): boolean {
  return secretKey.test(key) && !aboutSecret.test(key);
}

/** A copy of the fields for a log: secrets masked, errors described, everything bounded. The given object is not changed. */
export function maskFields(fields: Record<string, unknown>): Record<string, unknown> {
  return maskRecord(fields, 0);
}

function maskRecord(fields: object, depth: number): Record<string, unknown> {
  const masked: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields).slice(0, logEntriesMax)) {
    masked[key] = isSecretKey(key) && hidesText(value) ? mask : maskValue(value, depth + 1);
  }
  return masked;
}

function hidesText(value: unknown): boolean {
  return value !== null && value !== undefined && typeof value !== 'number' && typeof value !== 'boolean';
}

function maskValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string')
    return value.length > logTextCharactersMax ? `${value.slice(0, logTextCharactersMax)}…` : value;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > logDepthMax) return '[deep]';
  if (isErrorLike(value)) return describeError(value, depth);
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, logEntriesMax).map((item) => maskValue(item, depth + 1));
  if ('toJSON' in value && typeof value.toJSON === 'function') return value.toJSON();
  return maskRecord(value, depth);
}

// Only known properties: drivers hang queries, parameters and sockets on their errors.
function describeError(error: Error, depth: number): Record<string, unknown> {
  const { code, reason } = error as { code?: unknown; reason?: unknown };
  const missing = missingModuleOf(error);
  return {
    type: error.name,
    message: maskValue(messageOf(error), depth),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(missing ? { module: missing.module, search_path: missing.searchPath } : {}),
    stack: maskValue(stackOf(error), depth),
    ...(error.cause === undefined ? {} : { cause: maskValue(error.cause, depth + 1) }),
    ...('errors' in error ? { errors: maskValue(error.errors, depth + 1) } : {}),
  };
}

/** A parser quotes the text that it cannot read, and with it whatever the text holds. */
function messageOf({ name, message }: Error): string {
  return name === 'SyntaxError' ? mask : message;
}

/** Without the message that it begins with, where that is masked. */
function stackOf(error: Error): string | undefined {
  const { name, message, stack } = error;
  if (name !== 'SyntaxError' || stack === undefined) return stack;
  const quoted = `${name}: ${message}`;
  return `${name}: ${mask}${stack.startsWith(quoted) ? stack.slice(quoted.length) : ''}`;
}
