// The frame around a service: ready when its parts are, and ended in order with nothing left open.
import { createClient } from '@connectrpc/connect';
import { createConnectTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import { type RunningService, type ServiceFrame, startRpcService } from '../../foundation/rpc/rpc-service.ts';
import { quietTelemetry } from '../../foundation/telemetry/quiet-telemetry.for-test.ts';
import { SessionService } from '../../proto/gen/domainflow/sessions/v1/session_service_pb.js';
import {
  Health,
  HealthCheckResponse_ServingStatus as Status,
} from '../../proto/gen/grpc/health/v1/health_pb.js';

describe('a service', () => {
  let steps: string[];
  let running: RunningService | undefined;
  let sessions: Http2SessionManager | undefined;

  beforeEach(() => {
    steps = [];
  });
  afterEach(async () => {
    sessions?.abort();
    await running?.close();
    running = undefined;
  });

  async function configOf() {
    const [gateway, orchestrator] = [await generateSigningKey(), await generateSigningKey()];
    return {
      host: '127.0.0.1',
      port: 0,
      meshKeys: { gateway: [gateway.publicJwk], orchestrator: [orchestrator.publicJwk] },
      breakers: {},
      telemetry: quietTelemetry,
    } as const;
  }
  interface Choices {
    readonly ping?: () => Promise<unknown>;
    readonly begin?: (address: string) => Promise<void>;
  }
  async function start({ ping = async () => undefined, begin }: Choices = {}): Promise<RunningService> {
    const build = ({ closing, draining }: ServiceFrame) => {
      closing.add('store', () => steps.push('store closed'));
      draining.addEventListener('abort', () => steps.push('draining'));
      return {
        services: [SessionService],
        stores: { postgres: ping },
        routes: () => undefined,
        ...(begin ? { begin } : {}),
      };
    };
    running = await startRpcService({ name: 'example', config: await configOf(), build });
    return running;
  }
  async function healthOf(address: string): Promise<Status> {
    const baseUrl = `http://${address}`;
    sessions = new Http2SessionManager(baseUrl);
    const transport = createConnectTransport({ baseUrl, httpVersion: '2', sessionManager: sessions });
    return (await createClient(Health, transport).check({})).status;
  }

  it('is ready when its stores answer', async () => {
    const { address } = await start();
    expect(address).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(await healthOf(address)).toBe(Status.SERVING);
  });

  it('starts without a store that does not answer, and is not ready', async () => {
    const { address } = await start({ ping: () => Promise.reject(new Error('away')) });
    expect(await healthOf(address)).toBe(Status.NOT_SERVING);
  });

  it('knows its address before it begins its own work', async () => {
    let given = '';
    const { address } = await start({
      begin: async (own) => {
        given = own;
      },
    });
    expect(given).toBe(address);
  });

  it('tells endless streams, then closes its server, then its stores', async () => {
    const { address, close, health } = await start();
    health.onChange((state) => steps.push(state));
    await close();
    await expect(healthOf(address)).rejects.toThrow();
    expect(steps).toEqual(['not_serving', 'draining', 'store closed']);
  });

  it('closes what it opened when its start fails', async () => {
    await expect(start({ begin: () => Promise.reject(new Error('no lease')) })).rejects.toThrow('no lease');
    expect(steps).toContain('store closed');
  });

  it('fails to start where another listens', async () => {
    const { address } = await start();
    const config = { ...(await configOf()), port: Number(address.split(':')[1]) };
    const second = startRpcService({
      name: 'second',
      config,
      build: ({ closing }) => {
        closing.add('store', () => steps.push('second closed'));
        return { services: [], stores: {}, routes: () => undefined };
      },
    });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(steps).toEqual(['second closed']);
  });
});
