// Reads the description of a new API key. A key that makes keys gives away no more than it has itself.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { type DocumentReader, readDocument, refuseProblems } from '../../../foundation/json/document.ts';
import { instantOf, isInstant } from '../../../foundation/json/instant.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import {
  type ApiKeyDraft,
  type ApiKeyGrant,
  type ApiKeyKind,
  apiKeyDefaults,
  apiKeyKinds,
} from './api-key.ts';
import { permissionProblem, permits } from './api-key-permissions.ts';

const nameMax = 200;
const permissionsMax = 200;
const endpointsMax = 100;
const endpointLengthMax = 200;
const rateLimitMax = 100_000;

/** What a description is judged by. */
export interface ApiKeyJudgement {
  readonly nowMs: number;
  /** What the creator has itself when it is a key; undefined for a person. */
  readonly creator: ApiKeyGrant | undefined;
}

/** The key as described, with the defaults of its kind. Fault `invalid_argument` with every violated rule. */
export function readApiKey(definition: JsonObject, judgement: ApiKeyJudgement): ApiKeyDraft {
  const problems: Violation[] = [];
  const doc = readDocument(definition, problems);
  doc.require('name', 'kind');
  const name = doc.text('name', { min: 1, max: nameMax }) ?? '';
  const sent = doc.oneOf('kind', apiKeyKinds);
  const kind = sent ?? 'user';
  const draft: ApiKeyDraft = {
    name,
    kind,
    permissions: readPermissions(doc, sent, judgement.creator),
    allowedEndpoints: readEndpoints(doc, judgement.creator),
    rateLimit: readRateLimit(doc, kind, judgement.creator),
    expiresAt: readExpiry(doc, kind, judgement),
  };
  refuseProblems(problems);
  return draft;
}

function readPermissions(
  doc: DocumentReader,
  kind: ApiKeyKind | undefined,
  creator: ApiKeyGrant | undefined,
): readonly string[] {
  const beyond = (permission: string): string | undefined =>
    creator && !permits(creator.permissions, permission)
      ? 'is more than the key has that creates it'
      : undefined;
  const problemOf = (permission: string): string | undefined =>
    permissionProblem(permission) ?? beyond(permission);
  const usual = kind && apiKeyDefaults[kind].permissions;
  if (!doc.has('permissions')) {
    if (kind && !usual) doc.refuse('permissions', `is required for a key of kind ${kind}`);
    if (usual?.some(beyond)) doc.refuse('permissions', 'must be given: the key that creates it has not all');
    return usual ?? [];
  }
  return doc.items('permissions', { itemsMin: 1, itemsMax: permissionsMax, problemOf }) ?? [];
}

function readEndpoints(doc: DocumentReader, creator: ApiKeyGrant | undefined): readonly string[] {
  const allowed = creator?.allowedEndpoints ?? [];
  const isWithin = (path: string): boolean =>
    allowed.length === 0 || allowed.some((prefix) => path === prefix || path.startsWith(`${prefix}/`));
  const problemOf = (path: string): string | undefined => {
    if (!isPathPrefix(path)) return 'must be a path below the API base such as /reports';
    return isWithin(path) ? undefined : 'is not open to the key that creates it';
  };
  const endpoints = doc.items('allowed_endpoints', { itemsMax: endpointsMax, problemOf });
  return endpoints?.length ? endpoints : allowed;
}

function readRateLimit(doc: DocumentReader, kind: ApiKeyKind, creator: ApiKeyGrant | undefined): number {
  const max = creator?.rateLimit ?? rateLimitMax;
  const given = doc.integer('rate_limit', { min: 1, max: rateLimitMax });
  if (given !== undefined && given > max)
    doc.refuse('rate_limit', 'is more than the key has that creates it');
  return given ?? Math.min(apiKeyDefaults[kind].rateLimit, max);
}

/** Segments of letters, digits and the signs that need no escape in a URL; none of them `.` or `..`. */
function isPathPrefix(path: string): boolean {
  return path.length <= endpointLengthMax && /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)+$/.test(path);
}

function readExpiry(
  doc: DocumentReader,
  kind: ApiKeyKind,
  { nowMs, creator }: ApiKeyJudgement,
): Date | undefined {
  const { lifetimeMs } = apiKeyDefaults[kind];
  const endMs = creator?.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
  if (!doc.has('expires_at')) {
    const usualMs = lifetimeMs === undefined ? Number.POSITIVE_INFINITY : nowMs + lifetimeMs;
    const atMs = Math.min(usualMs, endMs);
    return atMs === Number.POSITIVE_INFINITY ? undefined : new Date(atMs);
  }
  const text = doc.text('expires_at', { min: 1, max: 40 });
  if (text === undefined) return undefined;
  const expiresAt = isInstant(text) && text.includes('T') ? instantOf(text) : undefined;
  if (!expiresAt) doc.refuse('expires_at', 'must be a time with its zone such as 2030-01-31T00:00:00Z');
  else if (expiresAt.getTime() <= nowMs) doc.refuse('expires_at', 'must lie in the future');
  else if (expiresAt.getTime() > endMs)
    doc.refuse('expires_at', 'is later than the key ends that creates it');
  return expiresAt;
}
