// The gateway as a whole: its probes, its traces, its log, its end, and the development issuer it serves.
import { afterEach, describe, expect, it } from '@jest/globals';
import { startTraceServer } from '../local/traces/trace-server.ts';
import { problemOf, startGatewayForTest, type TestGateway, type TestGatewayOptions } from './app.for-test.ts';

const opened: { close(): Promise<void> }[] = [];

async function start(options?: TestGatewayOptions): Promise<TestGateway> {
  const at = await startGatewayForTest(options);
  opened.push(at);
  return at;
}

async function untilReady(at: TestGateway): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => {
    if (at.gateway.health.overall() === 'serving') resolve();
  };
  at.gateway.health.onChange(look);
  look();
  await promise;
}

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

describe('the probes', () => {
  it('say alive at once and ready when every neighbour has served', async () => {
    const at = await start();
    expect(await at.send('GET /health/live')).toMatchObject({ status: 200, body: { status: 'alive' } });
    await untilReady(at);
    expect(await at.send('GET /health/ready')).toMatchObject({ status: 200, body: { status: 'ready' } });
  });

  it('do not say ready while a neighbour has never served, and name it', async () => {
    const at = await start({ absent: ['reports'] });
    const { promise: othersServe, resolve } = Promise.withResolvers<void>();
    const look = (): void => {
      const missing = at.gateway.health.components().filter(({ state }) => state !== 'serving');
      if (missing.length === 1) resolve();
    };
    at.gateway.health.onChange(look);
    look();
    await othersServe;
    const body = { status: 'starting', waiting_for: ['reports'] };
    expect(await at.send('GET /health/ready')).toMatchObject({ status: 503, body });
  });

  it('tell a part that is away from one without which nothing works', async () => {
    const degraded = await start({ absent: ['sessions'] });
    expect(await degraded.send('GET /health')).toMatchObject({
      status: 200,
      body: {
        status: 'degraded',
        components: { sessions: { status: 'unhealthy' }, registry: { status: 'healthy' } },
      },
    });
    const unhealthy = await start({ absent: ['registry'] });
    expect(await unhealthy.send('GET /health')).toMatchObject({ status: 503, body: { status: 'unhealthy' } });
  });

  it('are refused like everything else by a wrong method', async () => {
    const at = await start();
    const answer = await at.send('DELETE /health/live');
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    problemOf(answer);
  });
});

describe('the telemetry of a request', () => {
  it('is one server span in the trace of the caller, with the calls of the mesh below it', async () => {
    const traces = await startTraceServer();
    opened.push(traces);
    const agents = { listAgents: () => ({ page: { limit: 5 } }) };
    const at = await start({ otlpEndpoint: traces.url, handlers: { agents } });
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    const answer = await at.send('GET agents?limit=5', { token: await at.token(), headers });
    expect(answer.headers.get('traceresponse')).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
    await at.close();
    const spans = traces.store.get(traceId)?.spans ?? [];
    const own = spans.filter(
      ({ service, parentSpanId }) => service === 'gateway' && parentSpanId === '00f067aa0ba902b7',
    );
    expect(own.map(({ name }) => name)).toEqual(['GET /api/v1/agents']);
    expect(own[0]?.attributes).toMatchObject({
      'http.route': '/api/v1/agents',
      'http.response.status_code': 200,
    });
    const served = spans.filter(({ service }) => service === 'registry').map(({ name }) => name);
    expect(served).toEqual(expect.arrayContaining([expect.stringContaining('AgentService/ListAgents')]));
  });

  it('names the route by its template, also when the answer is a problem with the same trace id', async () => {
    const traces = await startTraceServer();
    opened.push(traces);
    const at = await start({ otlpEndpoint: traces.url });
    const problem = problemOf(await at.send('GET agents/agent-17', { token: await at.token() }));
    await at.close();
    const [first] = traces.store.get(problem.trace_id)?.spans ?? [];
    expect(first?.name).toBe('GET /api/v1/agents/{agent_id}');
  });

  it('is measured by route, method and status', async () => {
    const at = await start();
    await at.send('GET agents');
    await at.send('GET nothing/at/all');
    const { body, headers } = await at.send('GET /metrics');
    expect(headers.get('content-type')).toContain('text/plain');
    const count = 'domainflow_http_server_duration_seconds_count';
    expect(body).toContain(`${count}{route="/api/v1/agents",method="GET",status="401"} 1`);
    expect(body).toContain(`${count}{route="unknown",method="GET",status="404"} 1`);
  });

  it('is one log line with method, path and status, and holds no token, query or body', async () => {
    const at = await start();
    const token = await at.token();
    const body = { domain_id: 'd', text: 'my secret words' };
    await at.send('POST reports?tag=in-the-query', { token, body });
    await at.send('GET agents', { token: `${token}x` });
    const lines = await at.closeAndReadLog();
    const answered = lines.filter(({ msg }) => msg === 'Answered a request');
    expect(answered).toEqual([
      expect.objectContaining({ method: 'POST', path: '/api/v1/reports', tenant_id: expect.any(String) }),
      expect.objectContaining({ method: 'GET', path: '/api/v1/agents', status: 401 }),
    ]);
    const refused = lines.find(({ msg }) => msg === 'Refused a credential');
    expect(refused).toMatchObject({
      expected: expect.any(String),
      header_names: expect.arrayContaining(['authorization']),
    });
    const text = JSON.stringify(lines);
    for (const inside of [token, token.split('.')[1] ?? '', 'my secret words', 'in-the-query']) {
      expect(text).not.toContain(inside);
    }
  });
});

describe('the end of a request', () => {
  it('that its client gave up ends the call in the mesh', async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const listAgents = async (_request: unknown, { signal }: { signal: AbortSignal }) => {
      signal.addEventListener('abort', () => end());
      begin();
      await ended;
      throw signal.reason;
    };
    const at = await start({ handlers: { agents: { listAgents } } });
    const gaveUp = new AbortController();
    const headers = { authorization: `Bearer ${await at.token()}` };
    const request = fetch(`${at.url}/api/v1/agents`, { headers, signal: gaveUp.signal });
    await begun;
    gaveUp.abort();
    await expect(request).rejects.toThrow();
    await ended;
  });

  it('comes before the end of the gateway, which is not ready meanwhile', async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const listAgents = async () => {
      begin();
      await released;
      return { page: { limit: 20 } };
    };
    const at = await start({ handlers: { agents: { listAgents } } });
    await untilReady(at);
    const request = at.send('GET agents', { token: await at.token() });
    await begun;
    const closed = at.gateway.close();
    expect(at.gateway.health.overall()).toBe('not_serving');
    release();
    expect((await request).status).toBe(200);
    await closed;
  });
});

describe('the development issuer', () => {
  it('gives tokens that the gateway takes, and is found by discovery', async () => {
    const at = await start();
    const found = await at.send('GET /dev/.well-known/openid-configuration');
    expect(found.body.jwks_uri).toBe(`${at.url}/dev/jwks.json`);
    const keys = await at.send('GET /dev/jwks.json');
    expect(Object.keys(keys.body.keys[0])).not.toContain('d');
    const body = { tenant: 'acme', user: 'ada', roles: ['admin'] };
    const given = await at.send('POST /dev/token', { body });
    expect(given.body).toMatchObject({ token_type: 'Bearer', expires_in: 43_200 });
    const me = await at.send('GET me', { token: given.body.access_token });
    expect(me.body).toMatchObject({ username: 'ada', tenant_name: 'acme', role: 'admin' });
    const late = await at.send('POST /dev/token', { body: { ...body, expires_in: -60 } });
    expect(late.body.expires_in).toBe(-60);
    expect((await at.send('GET me', { token: late.body.access_token })).status).toBe(401);
    const refused = await at.send('POST /dev/token', { body: { tenant: '', roles: ['king'] } });
    const fields = problemOf(refused).details.map(({ field }) => field);
    expect(fields.sort()).toEqual(['roles[0]', 'tenant', 'user']);
  });
});

describe('other sites', () => {
  it('may call when they are listed, and only then', async () => {
    const at = await start({ env: { CORS_ORIGINS: 'https://map.example' } });
    const preflight = (origin: string) =>
      at.send('OPTIONS reports', { headers: { origin, 'access-control-request-method': 'POST' } });
    const listed = await preflight('https://map.example');
    expect([listed.status, listed.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'https://map.example',
    ]);
    const other = await preflight('https://evil.example');
    expect([other.status, other.headers.get('access-control-allow-origin')]).toEqual([405, null]);
    const refused = await at.send('GET agents', { headers: { origin: 'https://map.example' } });
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([
      401,
      'https://map.example',
    ]);
  });
});
