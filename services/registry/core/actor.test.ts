// Who may change what.
import { describe, expect, it } from '@jest/globals';
import type { Role } from '../../../foundation/identity/role.ts';
import { mayChange } from './actor.ts';

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
