// Cursors give back what they were sealed with, and only to whom they were sealed for.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Fault } from '../fault/fault.ts';
import { createPageTokens, pageTokenLengthMax } from './page-token.ts';

const tokens = createPageTokens({ key: 'k'.repeat(32) });
const page = { tenantId: 'tenant-a', scope: 'agents?class=query' };

function faultOf(run: () => unknown): Fault {
  try {
    run();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('page tokens', () => {
  it('give back every position that JSON can hold', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 2 }), (value) => {
        const position = JSON.parse(JSON.stringify(value));
        expect(tokens.open({ ...page, token: tokens.seal({ ...page, position }) })).toEqual(position);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it('refuse a token with any one character changed', () => {
    const token = tokens.seal({ ...page, position: ['2025-01-01T00:00:00.000Z', 'inc_1'] });
    for (let at = 0; at < token.length; at += 1) {
      for (const other of ['A', 'B', '-', '=']) {
        if (token[at] === other) continue;
        const altered = token.slice(0, at) + other + token.slice(at + 1);
        const fault = faultOf(() => tokens.open({ ...page, token: altered }));
        expect([fault.reason, fault.violations[0]?.field]).toEqual(['invalid_argument', 'cursor']);
      }
    }
  });

  it('refuse a token of another tenant, of other filters or of another key', () => {
    const token = tokens.seal({ ...page, position: 1 });
    const otherKey = createPageTokens({ key: 'x'.repeat(32) });
    expect(faultOf(() => tokens.open({ ...page, tenantId: 'tenant-b', token })).reason).toBe(
      'invalid_argument',
    );
    expect(faultOf(() => tokens.open({ ...page, scope: 'agents', token })).reason).toBe('invalid_argument');
    expect(faultOf(() => otherKey.open({ ...page, token })).reason).toBe('invalid_argument');
  });

  it('do not confuse where the tenant ends and the scope begins', () => {
    const token = tokens.seal({ tenantId: 'ab', scope: 'c', position: 1 });
    expect(faultOf(() => tokens.open({ tenantId: 'a', scope: 'bc', token })).reason).toBe('invalid_argument');
  });

  it('refuse what is no token at all', () => {
    for (const token of ['', 'x', '%%%', 'A'.repeat(pageTokenLengthMax + 1), 'A'.repeat(43)]) {
      expect(faultOf(() => tokens.open({ ...page, token })).violations[0]?.field).toBe('cursor');
    }
  });

  it('refuse a key shorter than 32 bytes', () => {
    expect(() => createPageTokens({ key: 'short' })).toThrow(RangeError);
  });
});
