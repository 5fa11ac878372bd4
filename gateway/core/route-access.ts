// May this caller call this route, and as what. People are judged by their role alone, API keys by their permissions and endpoints too.
import { Fault } from '../../foundation/fault/fault.ts';
import { type Role, roleReaches } from '../../foundation/identity/role.ts';
import { covers, everyPermission, type Permission } from './permission.ts';

/** What an API key may do. */
export interface KeyGrant {
  /** Public id, `key_…`; no secret. */
  readonly keyId: string;
  readonly name: string;
  /** Names as in {@link Permission}, with `*` and `<resource>:*`. */
  readonly permissions: readonly string[];
  /** Paths below the base such as `/reports`, each with all that lies below it; empty for every path. */
  readonly allowedEndpoints: readonly string[];
  /** Requests a minute. */
  readonly rateLimit: number;
  /** Unix milliseconds; undefined for a key that does not end. */
  readonly expiresMs: number | undefined;
}

/** Who calls. */
export interface RouteCaller {
  /** Role of a person, or the role of its creator, which a key never exceeds. */
  readonly role: Role;
  /** Undefined for people. */
  readonly key: KeyGrant | undefined;
}

/** What something takes of its caller. */
export interface Demand {
  /** The least role. */
  readonly role: Role;
  /** What an API key must be allowed. */
  readonly permission: Permission;
  /** Begins the sentences of a refusal, such as "The mode management"; absent for "This". */
  readonly subject?: string;
}

/** What is called. */
export interface CalledRoute extends Demand {
  /** The role that keys call it in, where that is more than the least one: what decides further is the object. */
  readonly keyRole?: Role | undefined;
  /** Base of the API, such as `/api/v1`. */
  readonly base: string;
  /** Path of the request, base included, as it was sent. */
  readonly path: string;
}

const endpointsTold = 10;

/**
 * The role in which the call is made: that of a person or of a key with every permission, else the one that the route has for keys, which
 * none exceeds its creator by. Fault `permission_denied` names what is missing.
 */
export function roleOnRoute({ role, key }: RouteCaller, route: CalledRoute): Role {
  if (key) requireGrant(key, route);
  if (!roleReaches(role, route.role)) throw denied(`${route.subject ?? 'This'} needs the role ${route.role}`);
  if (!key || key.permissions.includes(everyPermission)) return role;
  const wanted = route.keyRole ?? route.role;
  return roleReaches(role, wanted) ? wanted : role;
}

function requireGrant(key: KeyGrant, route: CalledRoute): void {
  const { permissions, allowedEndpoints } = key;
  const { permission, base, path, subject = 'This' } = route;
  if (!covers(permissions, permission)) {
    throw denied(`${subject} needs the permission ${permission}, which this API key does not have`);
  }
  const isOpen = allowedEndpoints.length === 0 || allowedEndpoints.some((each) => isBelow(path, base + each));
  if (!isOpen) {
    throw denied(`This API key may call only ${allowedEndpoints.slice(0, endpointsTold).join(', ')}`);
  }
}

function denied(sentence: string): Fault {
  return new Fault('permission_denied', sentence);
}

/** True when the path is the prefix or lies below it, by whole segments. Segments of the path are percent-decoded once, as routing does. */
export function isBelow(path: string, prefix: string): boolean {
  const segments = segmentsOf(path).map(decoded);
  return segmentsOf(prefix).every((segment, at) => segments[at] === segment);
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Not validly encoded, so it stands for itself, and no route has it.
    return segment;
  }
}
