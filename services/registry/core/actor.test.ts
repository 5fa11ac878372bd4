// Who may change what.
import { describe, expect, it } from '@jest/globals';
import { highestRole, mayChange, type Role, roleReaches } from './actor.ts';

const actor = (role: Role, userId = 'me') => ({
  tenantId: 't',
  userId,
  role,
  traceId: undefined,
  startedMs: 0,
});

describe('mayChange', () => {
  it.each<[Role, string, boolean, boolean]>([
    ['viewer', 'me', false, false],
    ['editor', 'me', false, true],
    ['editor', 'other', false, false],
    ['admin', 'other', false, true],
    ['editor', 'me', true, false],
    ['admin', 'me', true, false],
  ])('of a %s for an object of %s that is builtin: %s', (role, createdBy, isInbuilt, allowed) => {
    expect(mayChange(actor(role), { createdBy, isInbuilt })).toBe(allowed);
  });
});

describe('roles', () => {
  it('count by the highest of several, and unknown names not at all', () => {
    expect(highestRole(['viewer', 'admin', 'editor'])).toBe('admin');
    expect(highestRole(['owner'])).toBeUndefined();
  });

  it('reach those below them', () => {
    expect(roleReaches('editor', 'viewer')).toBe(true);
    expect(roleReaches('editor', 'admin')).toBe(false);
  });
});
