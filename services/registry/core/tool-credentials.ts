// Which credentials fit a way of proving oneself to a tool. Problems name fields and never repeat what stands in them.

import { type DocumentReader, textProblem } from '../../../foundation/json/document.ts';
import { type JsonObject, type JsonValue, withoutAbsent } from '../../../foundation/json/json.ts';
import { keyPath } from '../../../foundation/json/json-path.ts';
import type { Network } from '../../../foundation/net/address.ts';
import { outboundUrlProblem, urlLengthMax } from '../../../foundation/net/outbound-url.ts';
import { storedJsonProblem } from './stored-json.ts';
import type { AuthMethod } from './tool.ts';

/** The most header fields that custom credentials set. */
export const credentialHeadersMax = 20;

/** A key that credentials are sealed with before they are stored. */
export interface CredentialKey {
  /** 1 to 32 letters, digits, `_`, `-` or `.`; sealed values name their key by it. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Uint8Array;
}

const kilobytesMax = 8;
const secretLength = { min: 1, max: 4_096 };
const nameLength = { min: 1, max: 500 };

// Fields that belong to the connection, or to what is sent, and not to whoever sends it.
const reservedHeader =
  /^(connection|content-length|content-type|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i;

/** True for the ways that need no credentials, and allow none. */
export function needsNoCredentials(authMethod: AuthMethod): authMethod is 'iam' | 'none' {
  return authMethod === 'iam' || authMethod === 'none';
}

/**
 * The fields of the document's `credentials` that the way of proving oneself knows; undefined when they are absent or wrong. Without a
 * way only their form is judged.
 */
export function readCredentials(
  doc: DocumentReader,
  authMethod: AuthMethod | undefined,
  networks: readonly Network[],
): JsonObject | undefined {
  const given = doc.object('credentials');
  const fields = given && doc.inside('credentials');
  if (!fields || authMethod === undefined) return undefined;
  if (needsNoCredentials(authMethod)) {
    doc.refuse('credentials', `must be left out: the auth_method ${authMethod} needs none`);
    return undefined;
  }
  const problem = storedJsonProblem(given, kilobytesMax);
  if (problem) {
    doc.refuse('credentials', problem);
    return undefined;
  }
  return readers[authMethod](fields, networks);
}

type CredentialReader = (fields: DocumentReader, networks: readonly Network[]) => JsonObject;

const readers: Readonly<Record<Exclude<AuthMethod, 'iam' | 'none'>, CredentialReader>> = {
  api_key: (fields) => {
    fields.require('key');
    const header = fields.text('header', nameLength);
    const problem = header && headerNameProblem(header);
    if (problem) fields.refuse('header', problem);
    return withoutAbsent({ header, key: readSecret(fields, 'key') });
  },
  oauth: (fields, networks) => {
    fields.require('token_url', 'client_id', 'client_secret');
    const tokenUrl = fields.text('token_url', { min: 1, max: urlLengthMax });
    const problem = tokenUrl && outboundUrlProblem(tokenUrl, networks);
    if (problem) fields.refuse('token_url', problem);
    return withoutAbsent({
      token_url: tokenUrl,
      client_id: fields.text('client_id', nameLength),
      client_secret: fields.text('client_secret', secretLength),
      scope: fields.text('scope', nameLength),
    });
  },
  custom: (fields) => {
    fields.require('headers');
    const headers = fields.object('headers');
    if (headers && hasRightCount(fields, headers)) checkHeaders(fields, headers);
    return { headers: headers ?? {} };
  },
};

function hasRightCount(fields: DocumentReader, headers: JsonObject): boolean {
  const count = Object.keys(headers).length;
  const isRight = count >= 1 && count <= credentialHeadersMax;
  if (!isRight) fields.refuse('headers', `must set 1 to ${credentialHeadersMax} header fields`);
  return isRight;
}

function checkHeaders(fields: DocumentReader, headers: JsonObject): void {
  const seen = new Set<string>();
  for (const name of Object.keys(headers)) {
    const lower = name.toLowerCase();
    const problem = seen.has(lower)
      ? 'is set twice'
      : (headerNameProblem(name) ?? secretProblem(headers[name]));
    seen.add(lower);
    if (problem) fields.refuse(keyPath('headers', name.slice(0, 100)), problem);
  }
}

function secretProblem(value: JsonValue | undefined): string | undefined {
  if (typeof value !== 'string') return 'must be text';
  return textProblem(value, secretLength) ?? printableProblem(value);
}

/** A text that can stand in a header field. */
function readSecret(fields: DocumentReader, field: string): string | undefined {
  const secret = fields.text(field, secretLength);
  const problem = secret === undefined ? undefined : printableProblem(secret);
  if (problem) fields.refuse(field, problem);
  return problem ? undefined : secret;
}

function printableProblem(secret: string): string | undefined {
  const isPrintable = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(secret);
  return isPrintable ? undefined : 'must be printable ASCII without blanks around it';
}

function headerNameProblem(name: string): string | undefined {
  if (!/^[\w!#$%&'*+.^`|~-]{1,100}$/.test(name)) return 'must be the name of a header field';
  return reservedHeader.test(name) ? 'must be a header field that a caller may set' : undefined;
}
