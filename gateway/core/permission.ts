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

/** One action on one resource, such as `agents:read`. */
export type Permission = `${(typeof resources)[number]}:${(typeof actions)[number]}`;

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
