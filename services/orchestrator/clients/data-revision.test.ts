// What names the state of a domain, asked of a real server.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ProxyTracerProvider } from '@opentelemetry/api';
import { systemClock } from '../../../foundation/clock.ts';
import { createRunTokenMint } from '../../../foundation/identity/mesh-issuers.ts';
import { generateSigningKey } from '../../../foundation/identity/signing-key.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import { createReadRevision, type ReadRevision } from './data-revision.ts';
import { createMeshClients, type MeshClients } from './mesh-clients.ts';
import { type Neighbours, startNeighbours } from './neighbours.for-test.ts';
import { createRunCalls } from './run-calls.ts';

let neighbours: Neighbours;
let clients: MeshClients;
let read: ReadRevision;
let asked: string[];

beforeAll(async () => {
  const [gateway, orchestrator] = await Promise.all([generateSigningKey(), generateSigningKey()]);
  const keys = { gateway: [gateway.publicJwk], orchestrator: [orchestrator.publicJwk] };
  neighbours = await startNeighbours(JSON.stringify(keys));
  const tracer = new ProxyTracerProvider().getTracer('test');
  clients = createMeshClients({ targets: neighbours.targets, tracer, clock: systemClock });
  const callsOf = createRunCalls(createRunTokenMint(orchestrator.privateJwk, systemClock));
  read = createReadRevision(clients.index, callsOf);
});
beforeEach(() => {
  asked = [];
  neighbours.revisionOf = (domainId) => String(asked.push(domainId));
});
afterAll(async () => {
  clients.close();
  await neighbours.close();
});

function running(): StoredExecution {
  const rest = { reason: '', error: '', partial: false, isQueued: false, isParked: false } as const;
  return { ...newRecord(), status: 'running', ...rest };
}

describe('the revision of a domain', () => {
  it('is asked for once by the tasks of a run that ask in the same moment, and once by each run', async () => {
    const [one, other] = [running(), running()];
    const told = await Promise.all([read(one), read(one), read(other), read(one)]);
    expect(asked).toEqual(['city', 'city']);
    expect([told[0], told[1], told[3]]).toEqual(Array(3).fill(told[0]));
    expect(told[2]).not.toBe(told[0]);
  });

  it('is asked for anew by who asks while a call is under way', async () => {
    const execution = running();
    const late = Promise.withResolvers<string | undefined>();
    neighbours.revisionOf = (domainId) => {
      if (asked.push(domainId) === 1) void read(execution).then(late.resolve, late.reject);
      return String(asked.length);
    };
    expect(await read(execution)).toBe('1');
    expect(await late.promise).toBe('2');
  });

  it.each<[string, () => string]>([
    ['is told that it is not settled', () => ''],
    [
      'is refused an answer',
      () => {
        throw new Error('away');
      },
    ],
  ])('is undefined for who %s', async (_name, revisionOf) => {
    neighbours.revisionOf = revisionOf;
    expect(await read(running())).toBeUndefined();
  });
});
