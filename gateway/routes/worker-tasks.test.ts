// Claims: how long they wait, what ends them early, and what they keep from nobody else.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterEach, describe, expect, it } from '@jest/globals';
import { startGatewayForTest, type TestAnswer, type TestGateway } from '../app.for-test.ts';
import { claimPartS } from '../clients/claim-parts.ts';
import { rememberNames } from '../clients/request-names.for-test.ts';

const id = '019caa7d-3e5f-7b4f-8f7e-5a9d2c1b0a98';
const until = timestampFromDate(new Date('2026-03-01T10:00:00Z'));
const given = {
  ...{ taskId: id, attempt: 2, leaseUntil: until, timeoutAt: until, taskType: 'detection' },
  ...{ inputData: { n: 1 }, context: { job_id: 'job_1' } },
};

let at: TestGateway;
afterEach(() => at.close());

async function claim(body: object, more: { readonly signal?: AbortSignal } = {}): Promise<TestAnswer> {
  if (!more.signal) {
    return at.send(`POST /api/v2/agents/${id}/tasks/claim`, {
      token: await at.token({ roles: ['admin'] }),
      body,
    });
  }
  const headers = {
    authorization: `Bearer ${await at.token({ roles: ['admin'] })}`,
    'content-type': 'application/json',
  };
  const init = { method: 'POST', headers, body: JSON.stringify(body), signal: more.signal };
  const { status, headers: told } = await fetch(`${at.url}/api/v2/agents/${id}/tasks/claim`, init);
  return { status, headers: told, body: null };
}

describe('a claim', () => {
  it('is answered with the tasks that it is given', async () => {
    const asked: unknown[] = [];
    at = await startGatewayForTest();
    at.handlers.tasks = {
      claimTasks: ({ workerId, max, waitS }) => {
        asked.push([workerId, max, waitS]);
        return { tasks: [given] };
      },
    };
    const { status, body } = await claim({ max: 3, wait_s: 30 });
    expect([status, body.tasks]).toEqual([
      200,
      [
        {
          ...{ task_id: id, attempt: 2, task_type: 'detection', input_data: { n: 1 } },
          ...{ lease_until: '2026-03-01T10:00:00.000Z', timeout_at: '2026-03-01T10:00:00.000Z' },
          context: { job_id: 'job_1' },
        },
      ],
    ]);
    expect((await claim({})).status).toBe(200);
    expect(asked).toEqual([
      [id, 3, claimPartS],
      [id, 1, 0],
    ]);
  });

  it.each([{ wait_s: 31 }, { wait_s: -1 }, { wait_s: 1.5 }, { max: 0 }, { max: 101 }, { max: '1' }])(
    'is refused with %j',
    async (body) => {
      at = await startGatewayForTest();
      const answer = await claim(body);
      expect([answer.status, answer.body.details[0].field]).toEqual([422, Object.keys(body)[0]]);
    },
  );

  it('waits in parts until its time is over', async () => {
    const parts: number[] = [];
    at = await startGatewayForTest();
    at.handlers.tasks = {
      claimTasks: async ({ waitS }) => {
        parts.push(waitS);
        await new Promise((resolve) => setTimeout(resolve, waitS * 1_000));
        return { tasks: [] };
      },
    };
    const startedMs = performance.now();
    expect((await claim({ wait_s: claimPartS + 1 })).body).toEqual({ tasks: [] });
    expect(parts).toEqual([claimPartS, 1]);
    expect(performance.now() - startedMs).toBeGreaterThan(claimPartS * 1_000);
  }, 20_000);

  it('is not made again at once where the platform answered early', async () => {
    let calls = 0;
    at = await startGatewayForTest();
    at.handlers.tasks = {
      claimTasks: () => {
        calls += 1;
        return { tasks: [] };
      },
    };
    expect((await claim({ wait_s: 30 })).body).toEqual({ tasks: [] });
    expect(calls).toBe(1);
  });

  it('ends in the mesh when its worker goes away, and what it was given meanwhile is returned', async () => {
    const arrived = Promise.withResolvers<string>();
    const ended = Promise.withResolvers<void>();
    const returned = Promise.withResolvers<object>();
    at = await startGatewayForTest();
    at.handlers.tasks = {
      returnClaim: ({ workerId, claimId }) => {
        returned.resolve({ workerId, claimId });
        return {};
      },
      claimTasks: async ({ claimId }, { signal }) => {
        signal.addEventListener('abort', () => ended.resolve());
        arrived.resolve(claimId);
        await ended.promise;
        return { tasks: [] };
      },
    };
    const leaving = new AbortController();
    const answer = claim({ wait_s: 30 }, { signal: leaving.signal }).catch((error: Error) => error.name);
    const claimId = await arrived.promise;
    leaving.abort();
    await ended.promise;
    expect(await answer).toBe('AbortError');
    expect(await returned.promise).toEqual({ workerId: id, claimId });
  });

  it('that was answered, or whose worker will ask again under the same key, is not returned', async () => {
    const returned: string[] = [];
    const claimed = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const kept = Promise.withResolvers<void>();
    const names = rememberNames();
    at = await startGatewayForTest();
    at.handlers.requestNames = names;
    at.handlers.tasks = {
      returnClaim: ({ claimId }) => {
        returned.push(claimId);
        return {};
      },
      claimTasks: async ({ waitS }) => {
        claimed.shift()?.resolve();
        if (waitS > 0) await kept.promise;
        return { tasks: [given] };
      },
    };
    const leaving = new AbortController();
    const sent = { 'content-type': 'application/json', 'idempotency-key': 'one' };
    const headers = { authorization: `Bearer ${await at.token({ roles: ['admin'] })}`, ...sent };
    const init = { method: 'POST', headers, body: JSON.stringify({ wait_s: 5 }), signal: leaving.signal };
    const [, again] = claimed;
    expect((await claim({ wait_s: 0 })).status).toBe(200);
    const left = fetch(`${at.url}/api/v2/agents/${id}/tasks/claim`, init).catch((error: Error) => error.name);
    await again?.promise;
    leaving.abort();
    expect(await left).toBe('AbortError');
    kept.resolve();
    while (![...names.kept.values()].some(({ answer }) => answer)) await new Promise(setImmediate);
    // The same request again is answered what the first one was given.
    const next = await fetch(`${at.url}/api/v2/agents/${id}/tasks/claim`, { ...init, signal: null });
    expect([next.status, await next.json()]).toMatchObject([200, { tasks: [{ task_id: id }] }]);
    expect(returned).toEqual([]);
  });

  it('is answered empty by a gateway that closes, once its part of the wait is over', async () => {
    const arrived = Promise.withResolvers<void>();
    let calls = 0;
    at = await startGatewayForTest();
    at.handlers.tasks = {
      claimTasks: async ({ waitS }) => {
        calls += 1;
        arrived.resolve();
        await new Promise((resolve) => setTimeout(resolve, waitS * 1_000));
        return { tasks: [] };
      },
    };
    const answer = claim({ wait_s: 30 });
    await arrived.promise;
    const closing = at.gateway.close();
    expect([(await answer).status, (await answer).body]).toEqual([200, { tasks: [] }]);
    await closing;
    expect(calls).toBe(1);
  }, 20_000);

  it('that waits takes no place of other requests', async () => {
    const over = Promise.withResolvers<void>();
    const arrived = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const waiting = [...arrived];
    at = await startGatewayForTest({ env: { REQUESTS_MAX: '1' } });
    at.handlers.tasks = {
      claimTasks: async () => {
        waiting.shift()?.resolve();
        await over.promise;
        return { tasks: [] };
      },
    };
    const token = await at.token({ roles: ['admin'] });
    expect((await at.send('GET me', { token })).status).toBe(200);
    const answers = [claim({ wait_s: 20 }), claim({ wait_s: 20 })];
    await Promise.all(arrived.map(({ promise }) => promise));
    expect((await at.send('GET me', { token })).status).toBe(200);
    over.resolve();
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200]);
  });
});
