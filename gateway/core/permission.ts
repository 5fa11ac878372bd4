// What can be done to what, as names: routes ask for them, API keys are given them, and each role is a bundle of them. Who may call a
// route is decided elsewhere.
import type { Role } from '../../foundation/identity/role.ts';

/** What permissions are about: the resources of API v1. */
export const resources = [
  'agents',
  'domains',
  'reports',
  'queries',
  'sessions',
  'data',
  'tools',
  'tool-access',
  'executions',
  'approvals',
  'patches',
  'users',
  'teams',
  'keys',
  'audit',
  'settings',
  'usage',
  'circuit-breakers',
  'health',
] as const;

/** What can be done to a resource. */
export const actions = ['read', 'create', 'update', 'delete'] as const;

/** What permissions of API v2 allow. */
export const workPermissions = [
  'agent:register',
  'agent:read',
  'agent:admin',
  'task:create',
  'task:read',
  'task:assign',
  'workflow:create',
  'workflow:read',
  'workflow:execute',
  'system:health',
  'system:read',
] as const;

/** One action on one resource, such as `agents:read`, or one of API v2. */
export type Permission =
  | `${(typeof resources)[number]}:${(typeof actions)[number]}`
  | (typeof workPermissions)[number];

/** Stands for every permission. */
export const everyPermission = '*';

const viewerPermissions: readonly Permission[] = [
  'agents:read',
  'domains:read',
  'reports:read',
  'queries:read',
  'queries:create',
  'queries:delete',
  'sessions:read',
  'sessions:create',
  'sessions:update',
  'sessions:delete',
  'data:read',
  'tools:read',
  'tool-access:read',
  'executions:read',
  'approvals:read',
  'patches:read',
  'users:read',
  'teams:read',
  'settings:read',
  'usage:read',
  'health:read',
  'agent:read',
  'task:read',
  'workflow:read',
  'system:health',
  'system:read',
];

const editorPermissions: readonly Permission[] = [
  ...viewerPermissions,
  'agents:create',
  'agents:update',
  'agents:delete',
  'domains:create',
  'domains:update',
  'domains:delete',
  'reports:create',
  'reports:update',
  'reports:delete',
  'executions:create',
  'executions:update',
  'approvals:update',
  'patches:update',
  'agent:register',
  'task:create',
  'task:assign',
  'workflow:create',
  'workflow:execute',
];

const bundles: Readonly<Record<Role, readonly string[]>> = {
  viewer: viewerPermissions,
  editor: editorPermissions,
  admin: [everyPermission],
};

/** The bundle of a role; `*` alone for admins. Which objects an editor may change is for the services to say. */
export function permissionsOf(role: Role): readonly string[] {
  return bundles[role];
}

/** True when one of the names is the permission, all of its resource (`agents:*`), or `*`. Names that mean nothing grant nothing. */
export function covers(granted: readonly string[], permission: Permission): boolean {
  const wholeResource = `${permission.slice(0, permission.indexOf(':'))}:*`;
  return granted.some((name) => name === permission || name === wholeResource || name === everyPermission);
}
