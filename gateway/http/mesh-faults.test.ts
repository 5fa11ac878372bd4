// Failures of neighbours as a caller sees them: the right status, the public sentence, and nothing from inside.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault, type FaultReason, invalidArgument } from '../../foundation/fault/fault.ts';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

describe('a fault of a neighbour', () => {
  let at: TestGateway;
  let token: string;
  beforeAll(async () => {
    at = await startGatewayForTest({ absent: ['sessions'] });
    token = await at.token();
  });
  afterAll(() => at.close());

  const failWith = (error: unknown) => {
    at.handlers.agents = {
      updateAgent: () => {
        throw error;
      },
    };
    return at.send('PUT agents/agent-1', { token, body: {} });
  };

  const statuses: readonly (readonly [FaultReason, number])[] = [
    ['invalid_argument', 400],
    ['permission_denied', 403],
    ['not_found', 404],
    ['already_exists', 409],
    ['failed_precondition', 409],
    ['aborted', 409],
    ['resource_exhausted', 429],
    ['unavailable', 503],
    ['deadline_exceeded', 504],
  ];

  it.each(statuses)('with the reason %s is %i with its public sentence', async (reason, status) => {
    const answer = await failWith(
      new Fault(reason, 'A sentence for everyone', { cause: new Error('inside') }),
    );
    expect(answer.status).toBe(status);
    expect(problemOf(answer).detail).toBe('A sentence for everyone');
    expect(JSON.stringify(answer.body)).not.toContain('inside');
  });

  it('keeps its violations', async () => {
    const answer = await failWith(invalidArgument([{ field: 'cursor', reason: 'was altered' }]));
    expect(problemOf(answer).details).toEqual([{ field: 'cursor', reason: 'was altered' }]);
  });

  it('says how long to wait', async () => {
    const answer = await failWith(new Fault('resource_exhausted', 'Too many', { retryAfterMs: 1_500 }));
    expect(answer.headers.get('retry-after')).toBe('2');
  });

  it('says of a conflict how long to wait where it may pass by itself, and else not', async () => {
    const underWay = await failWith(new Fault('aborted', 'It is being carried out', { retryAfterMs: 1_000 }));
    expect([underWay.status, underWay.headers.get('retry-after')]).toEqual([409, '1']);
    const stays = await failWith(new Fault('failed_precondition', 'It has ended', { retryAfterMs: 1_000 }));
    expect([stays.status, stays.headers.get('retry-after')]).toEqual([409, null]);
  });

  it('shows nothing of an unexpected error', async () => {
    const answer = await failWith(new TypeError('select secret from inside'));
    expect(answer.status).toBe(500);
    expect(problemOf(answer).detail).toBe('An unexpected error occurred');
    expect(JSON.stringify(answer.body)).not.toContain('secret');
  });

  it('is 503 without an address when the neighbour is away', async () => {
    const answer = await at.send('GET sessions', { token });
    expect(answer.status).toBe(503);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(problemOf(answer).detail).not.toMatch(/127\.0\.0\.1|ECONN|connect/);
  });

  it('shows nothing of a method that a neighbour does not have', async () => {
    at.handlers.agents = {};
    const answer = await at.send('GET agents', { token });
    expect(answer.status).toBe(500);
    expect(problemOf(answer).detail).toBe('An unexpected error occurred');
  });
});
