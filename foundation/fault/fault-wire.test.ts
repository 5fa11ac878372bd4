// Faults to the wire and back, and what stays behind. The whole way over sockets is tested in test/mesh.
import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { Fault, malformed } from './fault.ts';
import { fromConnectError, sentenceCharactersMax, toConnectError, violationBytesMax } from './fault-wire.ts';

const received = (error: ConnectError): ConnectError => Object.assign(error, { isWireError: true });

describe('a fault on the wire', () => {
  it('comes back as it was, without its cause, and with whole milliseconds to wait', () => {
    const fault = new Fault('unavailable', 'Not now', {
      violations: [{ field: 'text', reason: 'is empty' }],
      retryAfterMs: 1_249.3,
      cause: new Error('inside'),
    });
    const sent = toConnectError(fault);
    const { reason, message, violations, retryAfterMs } = fromConnectError(received(sent));
    expect({ reason, message, violations, retryAfterMs }).toEqual({
      reason: 'unavailable',
      message: 'Not now',
      violations: fault.violations,
      retryAfterMs: 1_250,
    });
  });

  it('whose request is malformed is told apart from one whose fields are wrong', () => {
    const violations = [{ field: 'worker_id', reason: 'must be a UUID' }];
    const sent = toConnectError(malformed(violations));
    const { reason, message, ...back } = fromConnectError(received(sent));
    expect({ code: sent.code, reason, message, violations: back.violations }).toEqual({
      code: Code.InvalidArgument,
      reason: 'malformed',
      message: 'worker_id: must be a UUID',
      violations,
    });
  });

  it('is bounded', () => {
    const violations = Array.from({ length: 1_000 }, (_, i) => ({
      field: `nodes[${i}]`,
      reason: 'r'.repeat(100),
    }));
    const sent = toConnectError(new Fault('invalid_argument', 'm'.repeat(5_000), { violations }));
    const back = fromConnectError(received(sent));
    expect(back.message).toHaveLength(sentenceCharactersMax);
    expect(back.violations.length).toBeGreaterThan(100);
    expect(back.violations.length * 100).toBeLessThan(violationBytesMax);
  });

  it('hides what is no fault', () => {
    expect(toConnectError(new Error('inside'))).toMatchObject({
      code: Code.Internal,
      rawMessage: 'An unexpected error occurred',
    });
  });
});

describe('an error that a client sees', () => {
  it('of its own making has a sentence that names nothing of the inside', () => {
    const local: readonly [Code, string][] = [
      [Code.Unavailable, 'A service that is needed cannot be reached'],
      [Code.DeadlineExceeded, 'The time for the call is up'],
      [Code.Canceled, 'The call was cancelled'],
      [Code.ResourceExhausted, 'The answer of a service is too large'],
      [Code.Aborted, 'An unexpected error occurred'],
      [Code.InvalidArgument, 'An unexpected error occurred'],
    ];
    for (const [code, message] of local) {
      const error = new ConnectError('connect ECONNREFUSED 10.0.0.3:80', code);
      expect(fromConnectError(error)).toMatchObject({ message, cause: error });
    }
  });

  it('without a reason of its own is internal', () => {
    for (const code of [Code.Unimplemented, Code.Unknown, Code.DataLoss, Code.OutOfRange, Code.Internal])
      expect(fromConnectError(received(new ConnectError('some text', code)))).toMatchObject({
        reason: 'internal',
        message: 'An unexpected error occurred',
      });
    expect(fromConnectError(new TypeError('bug'))).toMatchObject({ reason: 'internal' });
  });

  it('that is a Fault already stays the same', () => {
    const fault = new Fault('not_found', 'No such report');
    expect(fromConnectError(fault)).toBe(fault);
  });
});
