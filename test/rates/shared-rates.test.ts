// Rates of users that are spread over replicas of the gateway, with the orchestrator's accounts on a real database: all replicas together let
// through what one would, and what was used outlives them.

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startGatewayForTest, type TestGateway } from '../../gateway/app.for-test.ts';
import { startTestDatabases, type TestDatabases } from '../../local/databases/test-databases.ts';
import { pause } from '../../local/pause.for-test.ts';
import { settleRates } from '../../services/orchestrator/rpc/settle-rates.ts';
import { createPostgresRateStore } from '../../services/orchestrator/store/postgres-rate-store.ts';
import { openTestStores, type TestStores } from '../../services/orchestrator/store/stores.for-test.ts';

let databases: TestDatabases;
let stores: TestStores;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'shared_rates');
}, 30_000);
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

/** A gateway that settles after each request, in a call that the test waits for. */
interface Replica {
  /** Sends a request of this user, and resolves with its status once this gateway knows what all know. */
  ask(user: string): Promise<number>;
  close(): Promise<void>;
}

async function startReplica(env: Readonly<Record<string, string>>): Promise<Replica> {
  const answer = settleRates(createPostgresRateStore(stores.enginePool));
  const handlers: TestGateway['handlers'] = { rates: { settleRates: answer } };
  const at = await startGatewayForTest({ handlers, settleIntervalMs: 1, env });
  const settlements = async (): Promise<number> => {
    const text = await at.gateway.telemetry.metrics.metrics();
    return Number(/^domainflow_rate_settlements_total\{outcome="ok"\} (\d+)$/m.exec(text)?.[1]);
  };
  return {
    async ask(user) {
      const before = await settlements();
      const headers = { authorization: `Bearer ${await at.token({ user })}` };
      const answer = await fetch(`${at.url}/api/v1/me`, { headers });
      await answer.arrayBuffer();
      const { status } = answer;
      // A request that is refused takes nothing of a rate, so there is nothing to settle.
      while (status === 200 && (await settlements()) === before) await pause();
      return status;
    },
    close: at.close,
  };
}

const running: Replica[] = [];
async function startReplicas(
  count: number,
  env: Readonly<Record<string, string>>,
): Promise<readonly Replica[]> {
  for (let started = 0; started < count; started += 1) running.push(await startReplica(env));
  return [...running];
}
async function stopReplicas(): Promise<void> {
  for (const replica of running.splice(0)) await replica.close();
}
afterEach(stopReplicas);

/** Sends requests of a user to one replica after the other; answers how many passed. */
async function passed(replicas: readonly Replica[], user: string, rounds: number): Promise<number> {
  let count = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const replica of replicas) count += (await replica.ask(user)) === 200 ? 1 : 0;
  }
  return count;
}

describe('a user who is spread over three gateways', () => {
  it('gets the rate of one, and what each lets through before it hears of the others', async () => {
    const burst = 12;
    const env = { RATE_USER_PER_S: '1', RATE_USER_BURST: String(burst), RATE_USER_PER_DAY: '0' };
    const replicas = await startReplicas(3, env);
    const startedMs = performance.now();
    const count = await passed(replicas, 'spread', 8);
    const cameBack = Math.ceil((performance.now() - startedMs) / 1000);
    expect(count).toBeGreaterThanOrEqual(burst);
    // Between two settlements each of the two others lets one request through.
    expect(count).toBeLessThanOrEqual(burst + cameBack + 2);
  }, 30_000);

  it('gets the requests of one day, also after all of them have started anew', async () => {
    const env = { RATE_USER_PER_DAY: '12' };
    const replicas = await startReplicas(3, env);
    const first = await passed(replicas, 'daily', 6);
    expect(first).toBeGreaterThanOrEqual(12);
    expect(first).toBeLessThanOrEqual(12 + 2);
    expect(await passed(replicas, 'another', 2)).toBe(6);
    await stopReplicas();
    // A gateway that has just started lets through what it cannot know of: here the one request until its first settlement.
    expect(await passed(await startReplicas(2, env), 'daily', 5)).toBe(2);
  }, 30_000);
});
