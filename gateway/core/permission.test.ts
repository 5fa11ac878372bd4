// What names of permissions cover, and what each role holds.
import { describe, expect, it } from '@jest/globals';
import { roles } from '../../foundation/identity/role.ts';
import { actions, covers, type Permission, permissionsOf, resources, workPermissions } from './permission.ts';

const every = [
  ...resources.flatMap((resource) => actions.map((action): Permission => `${resource}:${action}`)),
  ...workPermissions,
];

describe('a permission', () => {
  it.each([
    ['agents:read', ['agents:read'], true],
    ['agents:read', ['domains:read', 'agents:read'], true],
    ['agents:read', ['agents:*'], true],
    ['agents:read', ['*'], true],
    ['agents:read', [], false],
    ['agents:read', ['agents:create'], false],
    ['agents:read', ['agents'], false],
    ['agents:read', ['agent:read', 'agent:*'], false],
    ['agents:read', ['*:read', 'a*', 'AGENTS:READ'], false],
    ['tools:read', ['tool-access:*'], false],
    ['tool-access:read', ['tools:*'], false],
    ['tool-access:read', ['tool-access:*'], true],
  ] as const)('%s is covered by %j: %s', (permission, granted, covered) => {
    expect(covers(granted, permission)).toBe(covered);
  });

  it('is a name of this version in every bundle, and each role holds more than the one below', () => {
    const held = roles.map((role) => every.filter((permission) => covers(permissionsOf(role), permission)));
    expect(held[2]).toEqual(every);
    expect(held[1]).toEqual(expect.arrayContaining([...(held[0] ?? [])]));
    expect(held.map(({ length }) => length)).toEqual([26, 44, every.length]);
  });

  it.each([
    [
      'viewer',
      [
        ...['reports:create', 'agents:create', 'teams:create', 'keys:read', 'audit:read', 'settings:update'],
        ...['agent:register', 'task:create', 'task:assign', 'workflow:create', 'workflow:execute'],
      ],
    ],
    [
      'editor',
      [
        ...['tools:create', 'tool-access:create', 'teams:create', 'keys:create', 'keys:read', 'audit:read'],
        'agent:admin',
      ],
    ],
  ] as const)('is kept from a %s where the rules keep it', (role, withheld) => {
    expect(withheld.filter((permission) => covers(permissionsOf(role), permission))).toEqual([]);
  });
});
