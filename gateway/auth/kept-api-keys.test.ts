// How long a decision about an API key is kept: until the key is written to, ends, or the news of changes stops coming.
import { randomBytes } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../foundation/fault/fault.ts';
import { callingServiceOf } from '../../foundation/rpc/caller.ts';
import {
  createWatchedCache,
  type WatchedCache,
  type WatchMessage,
} from '../../foundation/rpc/watched-cache.ts';
import { AuthenticateApiKeyResponseSchema } from '../../proto/gen/domainflow/registry/v1/api_key_service_pb.js';
import { startGatewayForTest } from '../app.for-test.ts';
import { type ApiKeyAuthenticator, createApiKeyAuthenticator } from './api-keys.ts';

const tenantId = '0199aaaa-0000-7000-8000-000000000001';
const apiKey = randomBytes(32).toString('hex');
const startMs = Date.parse('2026-03-01T10:00:00Z');

describe('a decision about an API key', () => {
  let nowMs: number;
  let asked: string[];
  let expiresMs: number | undefined;
  let isKnown: boolean;
  let news: ReadableStreamDefaultController<WatchMessage>;
  let cache: WatchedCache;
  let authenticate: ApiKeyAuthenticator;

  beforeEach(() => {
    [nowMs, asked, expiresMs, isKnown] = [startMs, [], undefined, true];
    const stream = new ReadableStream<WatchMessage>({ start: (controller) => (news = controller) });
    cache = createWatchedCache({
      watch: (signal) => {
        signal.addEventListener('abort', () => news.close());
        return stream;
      },
      clock: () => nowMs,
      sizeMax: 10,
    });
    const ask = async (keyHash: Uint8Array) => {
      asked.push(Buffer.from(keyHash).toString('hex'));
      if (!isKnown) throw new Fault('unauthenticated', 'The API key is not valid');
      const ends = expiresMs ? { expiresAt: timestampFromMs(expiresMs) } : {};
      const key = { keyId: 'key_1', name: 'importer', permissions: ['*'], userId: 'u', ...ends };
      return create(AuthenticateApiKeyResponseSchema, {
        key,
        tenantId,
        username: 'importer',
        role: 'editor',
      });
    };
    authenticate = createApiKeyAuthenticator({ ask, decisions: cache });
  });
  afterEach(() => cache.close());

  /** Tells the cache and waits until it has read what it was told. */
  async function tell(message: WatchMessage): Promise<void> {
    news.enqueue(message);
    for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
  }
  const changed = (entityId: string, entityType = 'api_key', tenant = tenantId): WatchMessage => ({
    change: { tenantId: tenant, entityType, entityId },
  });
  /** How often the registry was asked about the key while it was used `times` more. */
  async function asksFor(times: number): Promise<number> {
    const before = asked.length;
    for (let time = 0; time < times; time += 1) await authenticate(apiKey);
    return asked.length - before;
  }

  it('is kept while signs of life come, under the hash of the key', async () => {
    await tell({});
    expect(await asksFor(3)).toBe(1);
    expect(asked).toEqual([expect.not.stringContaining(apiKey)]);
    nowMs += 1_900;
    expect(await asksFor(1)).toBe(0);
  });

  it('is asked for each time before the first sign of life, and when the last is 2 s old', async () => {
    expect(await asksFor(3)).toBe(3);
    await tell({});
    expect(await asksFor(2)).toBe(1);
    nowMs += 2_000;
    expect(await asksFor(2)).toBe(2);
  });

  it('is kept for five minutes at most', async () => {
    await tell({});
    await asksFor(1);
    nowMs += 5 * 60_000 - 1;
    await tell({});
    expect(await asksFor(1)).toBe(0);
    nowMs += 1;
    expect(await asksFor(1)).toBe(1);
  });

  it('is not kept past the end of the key', async () => {
    expiresMs = startMs + 1_000;
    await tell({});
    expect(await asksFor(2)).toBe(1);
    nowMs = expiresMs;
    isKnown = false;
    await expect(authenticate(apiKey)).rejects.toMatchObject({ reason: 'unauthenticated' });
  });

  it('is dropped by the news that the key was revoked', async () => {
    await tell({});
    await asksFor(1);
    isKnown = false;
    await tell(changed('key_1'));
    await expect(authenticate(apiKey)).rejects.toMatchObject({ reason: 'unauthenticated' });
  });

  it('stays when something else was written', async () => {
    await tell({});
    await asksFor(1);
    for (const other of [changed('key_2'), changed('key_1', 'agent'), changed('key_1', 'api_key', 't2')]) {
      await tell(other);
    }
    expect(await asksFor(1)).toBe(0);
  });

  it('is not kept when it is a refusal', async () => {
    await tell({});
    isKnown = false;
    await expect(authenticate(apiKey)).rejects.toThrow();
    isKnown = true;
    expect(await asksFor(1)).toBe(1);
  });
});

describe('the news of changes', () => {
  it('is asked for by the gateway itself, with a deadline, and left when it closes', async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<object>();
    const { promise: left, resolve: leave } = Promise.withResolvers<void>();
    const at = await startGatewayForTest({
      handlers: {
        changes: {
          async *watchChanges(_request, context) {
            begin({ ...callingServiceOf(context), isBounded: context.timeoutMs() !== undefined });
            yield {};
            await new Promise((resolve) => context.signal.addEventListener('abort', resolve));
            leave();
          },
        },
      },
    });
    expect(await begun).toEqual({ service: 'gateway', forItself: true, isBounded: true });
    await at.close();
    await left;
  });
});
