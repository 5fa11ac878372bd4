// Who may call which route, and as what: people by role, API keys by permission and endpoint, never above their creator.
import { describe, expect, it } from '@jest/globals';
import type { Role } from '../../foundation/identity/role.ts';
import type { Permission } from './permission.ts';
import { isBelow, type KeyGrant, roleOnRoute } from './route-access.ts';

const grant: KeyGrant = {
  keyId: 'key_1',
  name: 'importer',
  permissions: ['agents:*', 'reports:create'],
  allowedEndpoints: [],
  rateLimit: 100,
  expiresMs: undefined,
};

const route = (role: Role, permission: Permission, path = '/api/v1/agents') => ({
  role,
  permission,
  base: '/api/v1',
  path,
});

function outcome(role: Role, key: Partial<KeyGrant> | undefined, called: ReturnType<typeof route>): string {
  try {
    return roleOnRoute({ role, key: key && { ...grant, ...key } }, called);
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a person', () => {
  it.each([
    ['viewer', 'viewer', 'viewer'],
    ['viewer', 'editor', 'This needs the role editor'],
    ['editor', 'viewer', 'editor'],
    ['editor', 'admin', 'This needs the role admin'],
    ['admin', 'editor', 'admin'],
  ] as const)('of the role %s on a route for %s: %s', (role, least, expected) => {
    expect(outcome(role, undefined, route(least, 'agents:read'))).toBe(expected);
  });
});

describe('an API key', () => {
  const lacksRead = 'This needs the permission teams:read, which this API key does not have';
  it.each([
    ['has only the least role of the route', 'admin', {}, route('editor', 'agents:create'), 'editor'],
    [
      'has the role of its creator with *',
      'admin',
      { permissions: ['*'] },
      route('viewer', 'teams:read'),
      'admin',
    ],
    ['lacks what it was not given', 'admin', {}, route('viewer', 'teams:read'), lacksRead],
    ['is not judged by role first', 'viewer', {}, route('admin', 'teams:read'), lacksRead],
    [
      'never exceeds its creator',
      'viewer',
      {},
      route('editor', 'agents:create'),
      'This needs the role editor',
    ],
    [
      'never exceeds it with *',
      'editor',
      { permissions: ['*'] },
      route('admin', 'keys:read'),
      'This needs the role admin',
    ],
    [
      'that has nothing may do nothing',
      'admin',
      { permissions: [] },
      route('viewer', 'agents:read'),
      'This needs the permission agents:read, which this API key does not have',
    ],
  ] as const)('%s', (_what, role, key, called, expected) => {
    expect(outcome(role, key, called)).toBe(expected);
  });

  it.each([
    ['admin', ['agents:read'], 'editor'],
    ['editor', ['agents:read'], 'editor'],
    ['viewer', ['agents:read'], 'viewer'],
    ['admin', ['*'], 'admin'],
  ] as const)(
    'of an %s with %j calls a route that has the role editor for keys as %s',
    (role, permissions, expected) => {
      const called = { ...route('viewer', 'agents:read'), keyRole: 'editor' as const };
      expect(outcome(role, { permissions }, called)).toBe(expected);
      expect(outcome('viewer', undefined, called)).toBe('viewer');
    },
  );

  it('is kept to its endpoints, and told them', () => {
    const key = { permissions: ['*'], allowedEndpoints: ['/reports', '/agents/agent-1'] };
    const at = (path: string) => outcome('admin', key, route('viewer', 'agents:read', path));
    expect(at('/api/v1/reports')).toBe('admin');
    expect(at('/api/v1/agents/agent-1/diff')).toBe('admin');
    expect(at('/api/v1/agents/agent-2')).toBe('This API key may call only /reports, /agents/agent-1');
    expect(at('/api/v1/agents')).toBe('This API key may call only /reports, /agents/agent-1');
  });
});

describe('a path', () => {
  it.each([
    ['/api/v1/reports', '/api/v1/reports', true],
    ['/api/v1/reports/inc_1', '/api/v1/reports', true],
    ['/api/v1/reports/', '/api/v1/reports', true],
    ['/api/v1/reports', '/api/v1/reports/', true],
    ['/api/v1/%72eports', '/api/v1/reports', true],
    ['/api/v1/anything', '/api/v1/', true],
    ['/api/v1/reportsx', '/api/v1/reports', false],
    ['/api/v1/Reports', '/api/v1/reports', false],
    ['/api/v1', '/api/v1/reports', false],
    ['/api/v1/agents/reports', '/api/v1/reports', false],
    ['/api/v1/agents/..%2freports', '/api/v1/reports', false],
    ['/api/v1/reports%2Finc_1', '/api/v1/reports', false],
    ['/api/v1/%2572eports', '/api/v1/reports', false],
    ['/api/v1/%zz', '/api/v1/reports', false],
  ])('%s lies below %s: %s', (path, prefix, below) => {
    expect(isBelow(path, prefix)).toBe(below);
  });
});
