// Where a stream goes on can be told only by who was told it, for that stream.
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Fault } from '../../../../foundation/fault/fault.ts';
import { newId } from '../../../../foundation/ids/ids.ts';
import { newVector } from '../../core/resume-vector.ts';
import { createResumeTokens } from './resume-tokens.ts';

const tokens = createResumeTokens({ key: 'k'.repeat(32) });
const scope = { tenantId: randomUUID(), userId: randomUUID(), sessionId: 'ses_1' };
const vector = newVector({ atMs: Date.UTC(2026, 2, 1), oldest: 3, next: 9, pending: [5] });
vector.runs.set(newId(), { seq: 3, covered: 1, ended: false });

function faultOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error instanceof Fault ? [error.reason, error.violations[0]?.field] : error;
  }
  return undefined;
}

const refused = ['invalid_argument', 'last_event_id'];

describe('a token', () => {
  it('gives back what it was sealed with', () => {
    expect(tokens.open(scope, tokens.seal(scope, vector))).toEqual(vector);
  });

  it('is refused with any one character changed', () => {
    const token = tokens.seal(scope, vector);
    for (let at = 0; at < token.length; at += 1) {
      for (const other of ['A', '_', '=']) {
        if (token[at] === other) continue;
        const altered = token.slice(0, at) + other + token.slice(at + 1);
        expect(faultOf(() => tokens.open(scope, altered))).toEqual(refused);
      }
    }
  });

  it.each([
    ['another tenant', { ...scope, tenantId: randomUUID() }],
    ['another user', { ...scope, userId: randomUUID() }],
    ['another session', { ...scope, sessionId: 'ses_2' }],
    ['everything of the user', { tenantId: scope.tenantId, userId: scope.userId }],
  ])('is refused for %s', (_, other) => {
    expect(faultOf(() => tokens.open(other, tokens.seal(scope, vector)))).toEqual(refused);
  });

  it('of another key is refused, and so is what is no token', () => {
    const other = createResumeTokens({ key: 'x'.repeat(32) });
    expect(faultOf(() => other.open(scope, tokens.seal(scope, vector)))).toEqual(refused);
    for (const text of ['', '7', '%', 'A'.repeat(44), 'A'.repeat(20_000)]) {
      expect(faultOf(() => tokens.open(scope, text))).toEqual(refused);
    }
  });
});
