// Permissions by name: which there are, and which of them another one includes. What each lets through is decided where requests come in.

/** Resources of the REST API v1; a permission on them is `<resource>:<action>`. */
export const permissionResources = [
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

/** What can be done with a resource of v1. */
export const permissionActions = ['read', 'create', 'update', 'delete'] as const;

/** Permissions of the worker and task API v2. */
export const workerPermissions = [
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

const everything = '*';
const wildcards = [
  ...permissionResources,
  ...new Set(workerPermissions.map((permission) => resourceOf(permission))),
].map((resource) => `${resource}:*`);
const known = new Set<string>([
  everything,
  ...wildcards,
  ...permissionResources.flatMap((resource) => permissionActions.map((action) => `${resource}:${action}`)),
  ...workerPermissions,
]);

/** What is wrong with the name of a permission; undefined when there is such a permission. */
export function permissionProblem(permission: string): string | undefined {
  if (known.has(permission)) return undefined;
  return (
    `is no permission; there are * for everything, <resource>:<action> with a resource of ${permissionResources.join(', ')} ` +
    `and an action of ${permissionActions.join(', ')}, ${workerPermissions.join(', ')}, and <resource>:* for all actions of a resource`
  );
}

/** True when the permissions held include the wanted one. */
export function permits(held: readonly string[], wanted: string): boolean {
  return [everything, wanted, `${resourceOf(wanted)}:*`].some((permission) => held.includes(permission));
}

function resourceOf(permission: string): string {
  return permission.split(':', 1).join('');
}
