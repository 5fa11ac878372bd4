// Rates of a user who is spread over two gateways of a whole mesh, which settle with its orchestrator at their own pace: what both let through
// together, what their answers tell of it, and what is left of it after they were started anew.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { settleIntervalMs } from '../../gateway/auth/shared-rates.ts';
import { startServiceHere } from '../../local/mesh/in-process-service.ts';
import { startTestMesh, type TestMesh } from '../e2e/test-mesh.ts';

const perSecond = 20;
const burst = 20;
const perDay = 60;
/** How late a settlement may come on a machine that is busy, in seconds. */
const settledSMax = 1;
/** What a gateway lets through before it hears of another. */
const unheard = burst + perSecond * (settleIntervalMs / 1000 + settledSMax);

let mesh: TestMesh;
beforeAll(async () => {
  mesh = await startTestMesh();
}, 60_000);
afterAll(() => mesh.close());

/** One gateway, as one user sees it. */
interface Replica {
  /** Asks something small. */
  ask(token: string): Promise<Asked>;
  /** How often it has brought its count together with that of all. */
  settlements(): Promise<number>;
  close(): Promise<void>;
}

interface Asked {
  readonly status: number;
  /** What is left of the day. */
  readonly leftToday: number;
  /** The rates that were exceeded. */
  readonly violated: readonly string[];
}

async function startReplica(requestsPerDay: number): Promise<Replica> {
  const { addresses, signingKeys, issuerKeyPath } = mesh;
  const gateway = await startServiceHere('gateway', {
    ...{
      HOST: '127.0.0.1',
      PORT: '0',
      SHED_LOOP_DELAY_MS: '0',
      CLOSE_GRACE_MS: '0',
      AUTH_DEV_ISSUER: issuerKeyPath,
    },
    GATEWAY_SIGNING_KEY: JSON.stringify(signingKeys.gateway.privateJwk),
    ...{ REGISTRY_TARGET: addresses.registry, REPORTS_TARGET: addresses.reports },
    ...{ SESSIONS_TARGET: addresses.sessions, ORCHESTRATOR_TARGET: addresses.orchestrator },
    ...{ RATE_USER_PER_S: String(perSecond), RATE_USER_BURST: String(burst) },
    ...{ RATE_USER_PER_DAY: String(requestsPerDay), LOG_FILE: `${mesh.logDir}/gateway-replica.log` },
  });
  const url = `http://${gateway.address}`;
  return {
    ask: async (token) => {
      const answer = await fetch(`${url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
      const { violated_policies: violated = [] } = (await answer.json()) as {
        violated_policies?: readonly string[];
      };
      const [, left] = /"per-day";r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '') ?? [];
      return { status: answer.status, leftToday: Number(left), violated };
    },
    settlements: async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return Number(/^domainflow_rate_settlements_total\{outcome="ok"\} (\d+)$/m.exec(text)?.[1]);
    },
    close: gateway.close,
  };
}

const running: Replica[] = [];
async function startTwo(requestsPerDay = perDay): Promise<readonly [Replica, Replica]> {
  const two = [await startReplica(requestsPerDay), await startReplica(requestsPerDay)] as const;
  running.push(...two);
  return two;
}
async function stopAll(): Promise<void> {
  for (const replica of running.splice(0)) await replica.close();
}
afterEach(stopAll);

/** Asks until it passes, and waits until this gateway has told of it and has heard what all had used by then. */
async function askAndSettle(replica: Replica, token: string): Promise<Asked> {
  const before = await replica.settlements();
  let asked = await replica.ask(token);
  while (asked.status !== 200) asked = await replica.ask(token);
  while ((await replica.settlements()) === before) await new Promise(setImmediate);
  return asked;
}

/** Asks without a pause until this rate refuses; answers how many passed. */
async function useUp(replica: Replica, token: string, policy: 'per-second' | 'per-day'): Promise<number> {
  let passed = 0;
  for (;;) {
    const { status, violated } = await replica.ask(token);
    if (violated.includes(policy)) return passed;
    if (status === 200) passed += 1;
  }
}

describe('a user of a mesh with two gateways', () => {
  it('is told by each what both have counted', async () => {
    const [one, other] = await startTwo();
    const token = await mesh.token('rates', 'told');
    for (let asked = 1; asked <= 3; asked += 1)
      expect((await askAndSettle(one, token)).leftToday).toBe(perDay - asked);
    // It hears of the three with its first settlement.
    expect((await askAndSettle(other, token)).leftToday).toBe(perDay - 1);
    expect((await askAndSettle(other, token)).leftToday).toBe(perDay - 5);
    await askAndSettle(one, token);
    expect((await askAndSettle(one, token)).leftToday).toBe(perDay - 7);
  }, 20_000);

  it('gets the rate of one, and what the other lets through before it has heard of it', async () => {
    const [one, other] = await startTwo(10_000);
    const token = await mesh.token('rates', 'quick');
    const startedMs = performance.now();
    let passed = await useUp(one, token, 'per-second');
    // Twice, since a settlement may have begun while some of these were still to come.
    for (const replica of [one, one, other]) {
      await askAndSettle(replica, token);
      passed += 1;
    }
    passed += await useUp(other, token, 'per-second');
    const cameBack = (perSecond * (performance.now() - startedMs)) / 1000;
    expect(passed).toBeGreaterThanOrEqual(burst);
    expect(passed).toBeLessThanOrEqual(burst + cameBack + 1);
  }, 20_000);

  it('gets the requests of one day within the documented bound, and none after both were started anew', async () => {
    const token = await mesh.token('rates', 'spread');
    const replicas = await startTwo();
    const counts = await Promise.all(replicas.map((replica) => useUp(replica, token, 'per-day')));
    const passed = counts.reduce((sum, count) => sum + count, 0);
    expect(passed).toBeGreaterThanOrEqual(perDay);
    expect(passed).toBeLessThanOrEqual(perDay + unheard);
    await stopAll();

    for (const replica of await startTwo()) {
      // A gateway that has just started lets through what it cannot know of: the one request until its first settlement.
      await askAndSettle(replica, token);
      const { status, leftToday, violated } = await replica.ask(token);
      expect([status, leftToday, violated]).toEqual([429, 0, ['per-day']]);
    }
  }, 30_000);
});
