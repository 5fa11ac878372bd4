// Tests are run one after another, and what they made is removed whatever came of them.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runSuite, type SuiteRun } from './runner.ts';
import { type AcceptanceTest, httpTest, type TestContext, type Tokens } from './suite.ts';
import { waitFor } from './wait.ts';

const names = { admin: 'a', editor: 'e', viewer: 'v', 'other-user': 'u', 'other-tenant': 't', expired: 'x' };
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
  const traceresponse = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  response.writeHead(418, { 'content-type': 'application/json', traceresponse }).end('{}');
});
let url: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
});

function run(tests: readonly AcceptanceTest[], more: Partial<SuiteRun> = {}) {
  const signal = new AbortController().signal;
  return runSuite({
    ...{ mode: 'deployed', url, tokens: names as Tokens, hasDevIssuer: false, cleanup: true, signal },
    ...{ tests, modeTotal: tests.length },
    ...more,
  });
}

/** A test that makes two things, whose removal it notes, and then does this. */
function making(removed: string[], then: (t: TestContext) => Promise<void>): AcceptanceTest {
  return httpTest(['making-1', 'makes things'], async (t) => {
    t.later('first', async () => void removed.push('first'));
    t.later('second', async () => void removed.push('second'));
    await then(t);
  });
}

describe('what tests made', () => {
  it('is removed after they failed, the last made first', async () => {
    const removed: string[] = [];
    const fails = making(removed, () => Promise.reject(new Error('It does not hold')));
    const result = await run([fails, httpTest(['next-1', 'goes on'], async () => undefined)]);
    expect(result.results.map(({ status }) => status)).toEqual(['failed', 'passed']);
    expect(result.results[0]).toMatchObject({ error: 'It does not hold', logs: [] });
    expect(removed).toEqual(['second', 'first']);
  });

  it('is removed after the run was stopped, and the rest is skipped', async () => {
    const removed: string[] = [];
    const stopping = new AbortController();
    const waits = making(removed, async ({ signal }) => {
      const wait = { what: 'Nothing', read: async () => 1, isDone: () => false, timeoutMs: 60_000, signal };
      setImmediate(() => stopping.abort());
      await waitFor(wait);
    });
    const next = httpTest(['next-1', 'is not run'], () => Promise.reject(new Error('It was run')));
    const result = await run([waits, next], { signal: stopping.signal });
    expect(result.results.map(({ status }) => status)).toEqual(['skipped', 'skipped']);
    expect(result).toMatchObject({ passed: 0, failed: 2, ready_for_demo: false });
    expect(removed).toEqual(['second', 'first']);
  });

  it('is left where that is wanted', async () => {
    const removed: string[] = [];
    await run([making(removed, async () => undefined)], { cleanup: false });
    expect(removed).toEqual([]);
  });

  it('that cannot be removed is told, and does not keep the rest from being removed', async () => {
    const [removed, left]: [string[], string[]] = [[], []];
    const stubborn = making(removed, async (t) => {
      t.later('third', () => Promise.reject(new Error('It stays')));
    });
    await run([stubborn], { onLeft: (sentence) => left.push(sentence) });
    expect(left).toEqual(['third is left: It stays']);
    expect(removed).toEqual(['second', 'first']);
  });
});

describe('a failed test', () => {
  it('shows what it asked, and no credential', async () => {
    const asks = httpTest(['asks-1', 'asks'], async (t) => {
      await t.as('admin').get('/api/v1/me');
    });
    const { results } = await run([asks]);
    expect(asked).toContain('GET /api/v1/me Bearer a');
    expect(results[0]?.logs).toEqual([`GET /api/v1/me 418 trace ${'a'.repeat(32)}`]);
    expect(results[0]?.error).toContain('418');
  });

  it('of a wait says what did not happen, and for how long', async () => {
    const wait = { what: 'The end', read: async () => 1, isDone: () => false, timeoutMs: 0 };
    const waits = httpTest(['waits-1', 'waits'], async ({ signal }) => {
      await waitFor({ ...wait, signal });
    });
    const { results } = await run([waits]);
    expect(results[0]?.error).toBe('The end did not happen within 0 s');
  });
});

describe('what tests share', () => {
  it('is made once, and its failure is that of each', async () => {
    let made = 0;
    const uses = (id: string) =>
      httpTest([id, 'uses'], async (t) => {
        await t.shared('thing', async () => {
          made += 1;
          throw new Error('It cannot be made');
        });
      });
    const { results } = await run([uses('uses-1'), uses('uses-2')]);
    expect(results.map(({ error }) => error)).toEqual(['It cannot be made', 'It cannot be made']);
    expect(made).toBe(1);
  });
});
