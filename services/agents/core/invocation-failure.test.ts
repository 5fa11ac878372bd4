// What thrown values become: codes that are tried again, codes that are final, and no inside text.

import { describe, expect, it } from '@jest/globals';
import { Fault, type FaultReason } from '../../../foundation/fault/fault.ts';
import { failureOf } from './invocation-failure.ts';

describe('the failure of an attempt', () => {
  it.each([
    ['permission_denied', 'permission_denied'],
    ['unauthenticated', 'permission_denied'],
    ['resource_exhausted', 'limit_reached'],
    ['unavailable', 'dependency_unavailable'],
    ['deadline_exceeded', 'attempt_timeout'],
    ['cancelled', 'cancelled'],
    ['invalid_argument', 'tool_error'],
    ['internal', 'tool_error'],
  ] as const)('for a fault %s has the code %s', (reason: FaultReason, code) => {
    expect(failureOf(new Fault(reason, 'A sentence'))).toEqual({ code, message: 'A sentence' });
  });

  it('says nothing of what is inside an error that is not understood', () => {
    const failure = failureOf(new TypeError('cannot read secret of undefined'));
    expect(failure.code).toBe('tool_error');
    expect(failure.message).not.toContain('secret');
  });

  it('hands on how long to wait', () => {
    const fault = new Fault('unavailable', 'Later', { retryAfterMs: 1_500 });
    expect(failureOf(fault)).toMatchObject({ retryAfterMs: 1_500 });
  });
});
