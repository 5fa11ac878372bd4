// Which role of several counts, and which reaches which.
import { describe, expect, it } from '@jest/globals';
import { highestRole, roleReaches } from './role.ts';

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
