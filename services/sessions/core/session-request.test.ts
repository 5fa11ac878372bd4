// What tells one named request from another, and how long it is remembered.
import { describe, expect, it } from '@jest/globals';
import { checkRequestId, forgottenAt, sessionRequest } from './session-request.ts';

const start = {
  id: '0198f000-0000-7000-8000-000000000000',
  tenantId: 't',
  userId: 'u',
  domainId: 'civic',
  title: 'One',
  at: '2030-01-02T03:04:05.006Z',
};

describe('sessionRequest', () => {
  it('has the same name for the same person and name alone, whatever is asked for', () => {
    const { nameHash, bodyHash } = sessionRequest('r', start);
    const later = sessionRequest('r', { ...start, id: 'other', at: '2030-01-03T00:00:00.000Z' });
    expect(later).toMatchObject({ nameHash, bodyHash });
    const asked = sessionRequest('r', { ...start, title: 'Two' });
    expect([asked.nameHash === nameHash, asked.bodyHash === bodyHash]).toEqual([true, false]);
    const others = [
      sessionRequest('s', start),
      sessionRequest('r', { ...start, userId: 'v' }),
      sessionRequest('r', { ...start, tenantId: 'v' }),
      sessionRequest('ur', { ...start, userId: '' }),
    ];
    for (const other of others) expect(other.nameHash).not.toBe(nameHash);
  });

  it('tells bodies apart that only read alike', () => {
    const one = sessionRequest('r', { ...start, domainId: 'a', title: 'b' });
    const other = sessionRequest('r', { ...start, domainId: 'ab', title: '' });
    expect(one.bodyHash).not.toBe(other.bodyHash);
  });
});

describe('forgottenAt', () => {
  it('is a day before', () => {
    expect(forgottenAt(start.at)).toBe('2030-01-01T03:04:05.006Z');
  });
});

describe('checkRequestId', () => {
  it.each(['', 'a', '~ !', 'x'.repeat(128)])('accepts %j', (text) => {
    expect(checkRequestId(text)).toEqual([]);
  });

  it.each(['x'.repeat(129), 'a\n', 'é', '\u0000', '\u007f'])('refuses %j', (text) => {
    expect(checkRequestId(text)).toMatchObject([{ field: 'request_id' }]);
  });
});
