// The breakers of tools: what opens one, whose it is, and what is measured of it.
import { describe, expect, it } from '@jest/globals';
import { createBreakerBoard } from '../../../foundation/breaker/breaker-board.ts';
import { createMetrics } from '../../../foundation/telemetry/metrics.ts';
import { ToolFailed } from './agent-tool.ts';
import { createToolBreakers } from './tool-breakers.ts';

function open(countMax?: number) {
  const metrics = createMetrics({ processMetrics: false });
  let nowMs = 0;
  const log = { info: () => undefined, warn: () => undefined };
  const breakerOf = createToolBreakers(createBreakerBoard({ metrics, nowMs: () => nowMs, log }), countMax);
  const call = async (tenantId: string, error?: Error) =>
    breakerOf(tenantId, 'weather')
      .run(async () => {
        if (error) throw error;
      })
      .catch((thrown: unknown) => thrown);
  return { metrics, breakerOf, call, pass: (ms: number) => (nowMs += ms) };
}

const down = new ToolFailed('It is down', { isTransient: true });
const refused = new ToolFailed('It does not like that', { isTransient: false });

describe('the breaker of a tool', () => {
  it('opens after 5 failures in a row, says when to come back, and closes after 3 answers', async () => {
    const { call, pass, metrics } = open();
    for (let calls = 0; calls < 5; calls += 1) expect(await call('one', down)).toBe(down);
    expect(await call('one')).toMatchObject({ reason: 'unavailable', retryAfterMs: 60_000 });
    const text = await metrics.metrics();
    expect(text).toContain('domainflow_breaker_state{name="tool:one/weather"} 2');
    expect(text).toContain('transitions_total{name="tool:one/weather",from="closed",to="open"} 1');
    pass(60_000);
    for (const state of [1, 1, 0]) {
      expect(await call('one')).toBeUndefined();
      expect(await metrics.metrics()).toContain(`breaker_state{name="tool:one/weather"} ${state}`);
    }
  });

  it('is nobody else’s, though their tools have the same name', async () => {
    const { call, metrics } = open();
    for (let calls = 0; calls < 5; calls += 1) await call('one', down);
    expect(await call('two')).toBeUndefined();
    expect(await metrics.metrics()).toContain('domainflow_breaker_state{name="tool:two/weather"} 0');
  });

  it('does not count what the tool says of the arguments', async () => {
    const { call } = open();
    for (let calls = 0; calls < 6; calls += 1) expect(await call('one', refused)).toBe(refused);
  });

  it('of a tool that was not called for long is forgotten, with what was measured of it', async () => {
    const { call, metrics } = open(2);
    for (const tenant of ['one', 'two', 'one', 'three']) await call(tenant);
    const names = [...(await metrics.metrics()).matchAll(/breaker_state\{name="([^"]+)"/g)].map(
      ([, name]) => name,
    );
    expect(names).toEqual(['tool:one/weather', 'tool:three/weather']);
  });
});
