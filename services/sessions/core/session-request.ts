// A request to make a session that its caller named, so that repeating it makes no second one. What is kept of it holds no content.
import { createHash } from 'node:crypto';
import type { Violation } from '../../../foundation/fault/fault.ts';
import { checkForm } from './input-rules.ts';
import type { SessionStart } from './session.ts';

/** How long a request is remembered, in milliseconds. */
export const requestKeptMs = 24 * 60 * 60 * 1_000;

/** A named request and the session that it makes. */
export interface SessionRequest {
  readonly tenantId: string;
  /** SHA-256 of tenant, user and the caller's name for it, in hex. */
  readonly nameHash: string;
  /** SHA-256 of what was asked for, in hex. */
  readonly bodyHash: string;
  /** UUIDv7 of the session. */
  readonly id: string;
  /** When the session was made, in ISO 8601. */
  readonly at: string;
}

/** A request under the caller's name `requestId`. `start` is the session as this try would make it. */
export function sessionRequest(requestId: string, start: SessionStart): SessionRequest {
  const { tenantId, userId, domainId, title, id, at } = start;
  const nameHash = sha256([tenantId, userId, requestId]);
  return { tenantId, nameHash, bodyHash: sha256([domainId, title]), id, at };
}

/** The newest time, in ISO 8601, at which a request was made that is forgotten at `at`. */
export function forgottenAt(at: string): string {
  return new Date(Date.parse(at) - requestKeptMs).toISOString();
}

/** A caller's name for a request: 1 to 128 printable ASCII characters. An empty one counts as not given. */
export function checkRequestId(requestId: string): Violation[] {
  const holds = requestId === '' || /^[\x20-\x7e]{1,128}$/.test(requestId);
  return checkForm('request_id', holds, 'must have 1 to 128 printable ASCII characters');
}

function sha256(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
