// Roles within a tenant, from the least to the most. What needs which role is said where it is asked for.

/** What a user may do: `viewer` reads and asks, `editor` also submits and changes, `admin` may do everything in the tenant. */
export type Role = 'viewer' | 'editor' | 'admin';

/** Every role, the least first. */
export const roles: readonly Role[] = ['viewer', 'editor', 'admin'];

/** The highest role among the names; undefined when none of them is a role. */
export function highestRole(names: readonly string[]): Role | undefined {
  return roles.findLast((role) => names.includes(role));
}

/** True when `role` is at least `least`. */
export function roleReaches(role: Role, least: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(least);
}
