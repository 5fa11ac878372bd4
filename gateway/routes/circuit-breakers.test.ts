// Circuit breakers through the gateway: what is asked of the registry, how its answer is shown, and what is told while it cannot answer.
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault } from '../../foundation/fault/fault.ts';
import { BreakerMode, BreakerSchema } from '../../proto/gen/domainflow/common/v1/breaker_pb.js';
import { startGatewayForTest, type TestGateway } from '../app.for-test.ts';

let at: TestGateway;
let token: string;
beforeAll(async () => {
  at = await startGatewayForTest();
  token = await at.token({ roles: ['admin'] });
});
afterEach(() => {
  delete at.handlers.breakers;
});
afterAll(() => at.close());

const processId = '5b8f3c52-7d1e-4b43-9c0e-2f6a1d9e4b07';
const sinceMs = Date.parse('2026-03-01T10:00:00Z');

function breakerOf(name: string, mode: BreakerMode) {
  const times = { since: timestampFromMs(sinceMs), openUntil: timestampFromMs(sinceMs + 60_000) };
  const state = { name, mode, inARow: 2, isForced: true, ...times };
  const processes = [{ processId, service: 'agents', host: 'agents-0', state }];
  return create(BreakerSchema, { name, mode, processes });
}

describe('circuit breakers', () => {
  it('are shown with their processes, and the worst as the status of all', async () => {
    const breakers = [
      breakerOf('model:main', BreakerMode.OPEN),
      breakerOf('tool:weather', BreakerMode.HALF_OPEN),
    ];
    at.handlers.breakers = { listBreakers: () => ({ breakers }) };
    const { status, body } = await at.send('GET circuit-breakers/health', { token });
    expect([status, body.status, body.complete, body.detail]).toEqual([200, 'degraded', true, null]);
    const shown = {
      ...{ service: 'model:main', status: 'degraded', state: 'open' },
      processes: [
        {
          ...{ process_id: processId, service: 'agents', host: 'agents-0', state: 'open' },
          ...{ since: '2026-03-01T10:00:00.000Z', open_until: '2026-03-01T10:01:00.000Z' },
          ...{ in_a_row: 2, forced: true },
        },
      ],
    };
    expect(body.circuit_breakers[0]).toEqual(shown);
    const one = await at.send('GET circuit-breakers/tool:weather', { token });
    expect([one.status, one.body.status, one.body.state]).toEqual([200, 'warning', 'half_open']);
    expect((await at.send('GET circuit-breakers/tool:other', { token })).status).toBe(404);
  });

  it.each(['unavailable', 'deadline_exceeded'] as const)(
    'of this process alone are told while the registry is %s, and that they are not all',
    async (reason) => {
      const fail = (): never => {
        throw new Fault(reason, 'No');
      };
      at.handlers.breakers = { listBreakers: fail };
      const { status, body } = await at.send('GET circuit-breakers/health', { token });
      expect([status, body.complete]).toEqual([200, false]);
      expect(body.detail).toContain('only the circuit breakers of the gateway process');
      const services = body.circuit_breakers.map(({ service }: { service: string }) => service);
      expect(services.sort()).toEqual(['orchestrator', 'registry', 'reports', 'sessions']);
    },
  );

  it('are not told to whom the registry refuses them', async () => {
    at.handlers.breakers = {
      listBreakers: () => {
        throw new Fault('permission_denied', 'No');
      },
    };
    expect((await at.send('GET circuit-breakers/health', { token })).status).toBe(403);
  });

  it('open by failures in a row, and then requests are refused with the time to wait', async () => {
    at.handlers.usage = {
      getUsage: () => {
        throw new Fault('internal', 'Broken');
      },
    };
    for (let calls = 0; calls < 5; calls += 1) {
      expect((await at.send('GET usage', { token })).status).toBe(500);
    }
    const refused = await at.send('GET usage', { token });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    const metrics = await at.send('GET /metrics');
    expect(metrics.body).toContain('domainflow_breaker_state{name="registry"} 2');
    const health = await at.send('GET /health');
    expect(health.body.circuit_breakers.registry).toEqual({ status: 'degraded', state: 'open' });
  });
});
