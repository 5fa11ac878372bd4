// The rates of users at one gateway: what passes, what is said of it, and what becomes of it while other replicas cannot be told.
import { afterEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../foundation/fault/fault.ts';
import type { SettleRatesRequest } from '../../proto/gen/domainflow/orchestrator/v1/rate_service_pb.js';
import {
  problemOf,
  startGatewayForTest,
  type TestAnswer,
  type TestGateway,
  type TestGatewayOptions,
} from '../app.for-test.ts';
import { createWatchFeed } from '../clients/watch-feed.for-test.ts';
import { openEventStream } from '../http/event-client.for-test.ts';

/** Nothing is settled in the time of a test. */
const never = 3_600_000;

let at: TestGateway;
afterEach(() => at.close());

async function start(env: Readonly<Record<string, string>>, options: TestGatewayOptions = {}): Promise<void> {
  const rates = { RATE_USER_PER_S: '0', RATE_USER_PER_DAY: '0', ...env };
  at = await startGatewayForTest({ settleIntervalMs: never, ...options, env: rates });
}

async function get(path: string, user = 'ada'): Promise<TestAnswer> {
  return at.send(`GET ${path}`, { token: await at.token({ user, roles: ['viewer'] }) });
}

async function statuses(count: number, user?: string): Promise<number[]> {
  const answers: number[] = [];
  for (let sent = 0; sent < count; sent += 1) answers.push((await get('me', user)).status);
  return answers;
}

async function metric(line: string): Promise<number> {
  const { body } = await at.send('GET /metrics');
  const found = String(body)
    .split('\n')
    .find((each) => each.startsWith(`${line} `));
  return Number(found?.split(' ').at(-1));
}

describe('a user', () => {
  it('may make the requests of a day, whatever becomes of them, and is told which rate refuses', async () => {
    await start({ RATE_USER_PER_DAY: '3' });
    const paths = ['me', 'audit', 'agents/none'];
    const answers: TestAnswer[] = [];
    at.handlers.agents = { getAgent: () => Promise.reject(new Fault('not_found', 'No such agent')) };
    for (const path of paths) answers.push(await get(path));
    expect(answers.map(({ status }) => status)).toEqual([200, 403, 404]);
    expect(answers.map(({ headers }) => headers.get('ratelimit-policy'))).toEqual(
      paths.map(() => '"per-day";q=3;w=86400'),
    );
    expect(
      answers.map(({ headers }) => /^"per-day";r=(\d);t=\d+$/.exec(headers.get('ratelimit') ?? '')?.[1]),
    ).toEqual(['2', '1', '0']);
    const refused = await get('me');
    expect(refused.status).toBe(429);
    expect(problemOf(refused).detail).toBe('You may make 3 requests a day, which begins at midnight UTC');
    expect(refused.body.violated_policies).toEqual(['per-day']);
    expect(refused.headers.get('ratelimit')).toMatch(/^"per-day";r=0;t=\d+$/);
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThanOrEqual(1);
    expect(wait).toBeLessThanOrEqual(86_400);
    expect(await metric('domainflow_rate_refusals_total{policy="per-day"}')).toBe(1);
  });

  it('may make a burst of requests, beside the others of its tenant', async () => {
    await start({ RATE_USER_PER_S: '1', RATE_USER_BURST: '5', RATE_USER_PER_DAY: '1000' });
    const answers = await Promise.all(Array.from({ length: 12 }, () => get('me')));
    const refused = answers.find(({ status }) => status === 429);
    if (!refused) throw new Error('nothing was refused');
    expect(problemOf(refused).detail).toBe('You may make 1 requests a second, and 5 at once');
    expect(refused.body.violated_policies).toEqual(['per-second']);
    expect(Number(refused.headers.get('retry-after'))).toBe(1);
    expect(refused.headers.get('ratelimit-policy')).toBe('"per-second";q=5;w=5, "per-day";q=1000;w=86400');
    expect((await get('me', 'grace')).status).toBe(200);
  });

  it('has no rate that is switched off, and hears of none', async () => {
    await start({});
    expect(await statuses(20)).toEqual(Array(20).fill(200));
    const { headers } = await get('me');
    expect([headers.get('ratelimit'), headers.get('ratelimit-policy')]).toEqual([null, null]);
  });

  it('spends one request on opening an event stream', async () => {
    const feed = createWatchFeed({ replays: false });
    await start({ RATE_USER_PER_DAY: '2' }, { handlers: { watches: feed.handlers } });
    feed.tell({ jobId: 'job_0', seq: 1n, status: 'agent_invoking' });
    const token = await at.token();
    const stream = await openEventStream(`${at.url}/api/v1/events`, { token });
    try {
      expect(stream.answer.statusCode).toBe(200);
      expect(stream.answer.headers.ratelimit).toMatch(/^"per-day";r=1;/);
      for (let seq = 2; seq < 9; seq += 1)
        feed.tell({ jobId: 'job_0', seq: BigInt(seq), status: 'complete' });
      await stream.next();
      expect(await statuses(2)).toEqual([200, 429]);
    } finally {
      stream.close();
    }
  });
});

describe('what was used', () => {
  it('is settled at the latest when the gateway closes', async () => {
    const told: SettleRatesRequest[] = [];
    const settleRates = (request: SettleRatesRequest) => {
      told.push(request);
      return {};
    };
    await start(
      { RATE_USER_PER_S: '10', RATE_USER_PER_DAY: '100' },
      { handlers: { rates: { settleRates } } },
    );
    await statuses(3);
    await statuses(2, 'grace');
    await at.gateway.close();
    const uses = told.flatMap((request) => request.uses);
    expect(uses.map(({ spent, uncounted }) => [spent, uncounted])).toEqual([
      [3, 3],
      [2, 2],
    ]);
    expect(uses[0]).toMatchObject({ perSecond: 10, burst: 20, windowSeconds: 86_400 });
    expect(uses.map(({ caller }) => /^user:[0-9a-f-]{36}$/.test(caller))).toEqual([true, true]);
  });

  it('is judged alone while it cannot be settled, and told to the day once it can', async () => {
    const { promise: back, resolve: tellBack } = Promise.withResolvers<SettleRatesRequest>();
    let [isAway, failures] = [true, 0];
    const { promise: failedTwice, resolve } = Promise.withResolvers<void>();
    const settleRates = (request: SettleRatesRequest) => {
      if (isAway) {
        failures += 1;
        if (failures === 2) resolve();
        throw new Fault('failed_precondition', 'Not now');
      }
      tellBack(request);
      return { accounts: [{ tokens: 0, counted: 10n, windowLeftMs: 60_000n }] };
    };
    await start({ RATE_USER_PER_DAY: '8' }, { settleIntervalMs: 1, handlers: { rates: { settleRates } } });
    expect(await statuses(8)).toEqual(Array(8).fill(200));
    expect((await get('me')).status).toBe(429);
    await failedTwice;
    isAway = false;
    expect((await back).uses).toMatchObject([{ uncounted: 8 }]);
    expect(await metric('domainflow_rate_settlements_total{outcome="failed"}')).toBeGreaterThanOrEqual(2);
    const lines = await at.closeAndReadLog();
    expect(lines.filter(({ msg }) => String(msg).startsWith('Rates cannot be settled'))).toHaveLength(1);
    expect(lines.filter(({ msg }) => msg === 'Rates are settled again')).toHaveLength(1);
  });
});

describe('an address that sends wrong credentials', () => {
  it('is asked to wait, and those whose credential was right go on', async () => {
    await start({ RATE_WRONG_CREDENTIALS_PER_MIN: '3' });
    const known = await at.token({ user: 'known' });
    expect((await at.send('GET me', { token: known })).status).toBe(200);
    const answers: TestAnswer[] = [];
    for (let sent = 0; sent < 4; sent += 1) answers.push(await at.send('GET me', { token: `wrong-${sent}` }));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 429]);
    const [, , , last] = answers;
    expect(last?.body.violated_policies).toEqual(['credentials']);
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await at.send('GET me', { token: await at.token({ user: 'new' }) })).status).toBe(429);
    expect((await at.send('GET me', { token: known })).status).toBe(200);
    expect((await at.send('GET me')).status).toBe(401);
    expect(await metric('domainflow_rate_refusals_total{policy="credentials"}')).toBe(2);
  });

  it('is the one that a trusted proxy names, and no other says', async () => {
    const wrongFrom = async (address: string) =>
      (await at.send('GET me', { token: 'wrong', headers: { 'x-forwarded-for': address } })).status;
    await start({ RATE_WRONG_CREDENTIALS_PER_MIN: '1', TRUSTED_PROXIES: '127.0.0.0/8' });
    const named = [await wrongFrom('192.0.2.1'), await wrongFrom('192.0.2.1'), await wrongFrom('192.0.2.2')];
    // Only what the proxy itself has added counts: the rest was said by whoever called it.
    named.push(await wrongFrom('192.0.2.9, 192.0.2.1'));
    expect(named).toEqual([401, 429, 401, 429]);
    await at.close();
    await start({ RATE_WRONG_CREDENTIALS_PER_MIN: '1' });
    expect([await wrongFrom('192.0.2.1'), await wrongFrom('192.0.2.2')]).toEqual([401, 429]);
  });
});

describe('an address', () => {
  const v2 = (token: string, headers = {}) => at.send('GET /api/v2/info', { token, headers });

  it('may make the requests of a minute on API v2, whoever sends them, and others beside it', async () => {
    await start({ RATE_V2_ADDRESS_PER_MIN: '3', TRUSTED_PROXIES: '127.0.0.0/8', RATE_USER_PER_DAY: '50' });
    const [ada, grace] = [await at.token(), await at.token({ user: 'grace' })];
    const answers = [await v2(ada), await v2(grace), await v2('wrong'), await v2(ada)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 401, 429]);
    const [first, , , last] = answers;
    expect(first?.headers.get('ratelimit-policy')).toBe('"per-day";q=50;w=86400, "per-address";q=3;w=60');
    expect(first?.headers.get('ratelimit')).toMatch(/^"per-day";r=49;t=\d+, "per-address";r=2;t=60$/);
    if (!last) throw new Error('nothing was refused');
    expect(problemOf(last).detail).toBe('3 requests a minute may come from an address');
    expect(last.body.violated_policies).toEqual(['per-address']);
    const wait = Number(last.headers.get('retry-after'));
    expect(wait).toBeGreaterThanOrEqual(50);
    expect(wait).toBeLessThanOrEqual(60);
    expect((await v2(ada, { 'x-forwarded-for': '192.0.2.1' })).status).toBe(200);
    expect((await get('me')).status).toBe(200);
    expect(await metric('domainflow_rate_refusals_total{policy="per-address"}')).toBe(1);
  });

  it('is not counted for API keys, which have a rate of their own', async () => {
    const key = {
      ...{ keyId: 'key_1', name: 'workers', userId: 'u1', permissions: ['system:read'] },
      ...{ allowedEndpoints: [], rateLimit: 5 },
    };
    const authenticateApiKey = () => ({ key, tenantId: 't1', tenantName: 'acme', role: 'editor' });
    await start({ RATE_V2_ADDRESS_PER_MIN: '1' }, { handlers: { apiKeys: { authenticateApiKey } } });
    const answers: TestAnswer[] = [];
    for (let sent = 0; sent < 6; sent += 1) answers.push(await v2('ab'.repeat(32)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(answers[5]?.body.violated_policies).toEqual(['api-key']);
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"api-key";q=5;w=60');
  });
});
