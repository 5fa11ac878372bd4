// Too much to do: what is refused, what is not, and that it goes on afterwards.
import { afterEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../foundation/fault/fault.ts';
import { problemOf, startGatewayForTest, type TestAnswer, type TestGateway } from '../app.for-test.ts';

let at: TestGateway;
afterEach(() => at.close());

/** Keeps the event loop busy for this long. */
function block(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

async function shedBy(cause: string): Promise<number> {
  const { body } = await at.send('GET /metrics');
  return Number(
    new RegExp(`^domainflow_http_shed_total\\{cause="${cause}"\\} (\\d+)$`, 'm').exec(String(body))?.[1],
  );
}

describe('a gateway whose event loop is blocked time after time', () => {
  it('refuses new requests but those about itself, and takes them again once it can', async () => {
    at = await startGatewayForTest({ env: { SHED_LOOP_DELAY_MS: '20' } });
    const token = await at.token();
    await at.send('GET me', { token });
    const blocking = setInterval(() => block(150), 1);
    let answer: TestAnswer;
    try {
      do answer = await at.send('GET me', { token });
      while (answer.status === 200);
      const health = [await at.send('GET /health/live'), await at.send('GET /health/ready')];
      expect(health.map(({ status }) => status)).toEqual([200, 200]);
    } finally {
      clearInterval(blocking);
    }
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(problemOf(answer).detail).toBe('The platform has more to do than it can; try again soon');
    expect(await shedBy('event_loop')).toBeGreaterThan(0);
    do answer = await at.send('GET me', { token });
    while (answer.status === 503);
    expect(answer.status).toBe(200);
  });
});

describe('a gateway with as many requests under way as it takes', () => {
  it('refuses further ones until one of them is answered', async () => {
    at = await startGatewayForTest({ env: { REQUESTS_MAX: '2' } });
    const token = await at.token();
    await at.send('GET me', { token });
    const arrived = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const open = Promise.withResolvers<void>();
    const waiting = [...arrived];
    at.handlers.agents = {
      getAgent: async () => {
        waiting.shift()?.resolve();
        await open.promise;
        throw new Fault('not_found', 'No such agent');
      },
    };
    const underWay = [at.send('GET agents/agent-1', { token }), at.send('GET agents/agent-1', { token })];
    await Promise.all(arrived.map(({ promise }) => promise));
    const refused = await at.send('GET me', { token });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect((await at.send('GET /health/live')).status).toBe(200);
    expect(await shedBy('requests')).toBe(1);
    open.resolve();
    expect((await Promise.all(underWay)).map(({ status }) => status)).toEqual([404, 404]);
    let after: TestAnswer;
    do after = await at.send('GET me', { token });
    while (after.status === 503);
    expect(after.status).toBe(200);
  });
});
