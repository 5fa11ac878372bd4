// What every server measures, as a scraper reads it.
import { describe, expect, it } from '@jest/globals';
import { createHttpServerMetrics, createMetrics, createRpcServerMetrics } from './metrics.ts';

describe('metrics', () => {
  it('count and time served RPCs in seconds by service, method and code', async () => {
    const registry = createMetrics({ processMetrics: false });
    const rpc = createRpcServerMetrics(registry);
    rpc.record({ service: 's.v1.S', method: 'Get', code: 'ok', durationMs: 20 });
    rpc.record({ service: 's.v1.S', method: 'Get', code: 'not_found', durationMs: 2_000 });
    const text = await registry.metrics();
    const name = 'domainflow_rpc_server_duration_seconds';
    expect(text).toContain(`${name}_sum{service="s.v1.S",method="Get",code="ok"} 0.02`);
    expect(text).toContain(`${name}_sum{service="s.v1.S",method="Get",code="not_found"} 2`);
    expect(text).toContain(`${name}_bucket{le="0.025",service="s.v1.S",method="Get",code="ok"} 1`);
  });

  it('count and time served HTTP requests by route template', async () => {
    const registry = createMetrics({ processMetrics: false });
    const request = { route: '/api/v1/agents/{id}', method: 'GET', status: 200, durationMs: 5 };
    createHttpServerMetrics(registry).record(request);
    createHttpServerMetrics(registry).record(request);
    expect(await registry.metrics()).toContain(
      'domainflow_http_server_duration_seconds_count{route="/api/v1/agents/{id}",method="GET",status="200"} 2',
    );
  });

  it('keep services of one process apart', async () => {
    const [one, other] = [createMetrics({ processMetrics: false }), createMetrics({ processMetrics: false })];
    createRpcServerMetrics(one).record({ service: 's', method: 'm', code: 'ok', durationMs: 1 });
    createRpcServerMetrics(other);
    expect(await other.metrics()).not.toContain('code="ok"');
  });
});
