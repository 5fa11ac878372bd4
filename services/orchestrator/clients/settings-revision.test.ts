// What names the settings of a tenant, asked of a real server and kept while it tells of changes.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ProxyTracerProvider } from '@opentelemetry/api';
import { systemClock } from '../../../foundation/clock.ts';
import { createRunTokenMint, createServiceTokenMint } from '../../../foundation/identity/mesh-issuers.ts';
import { generateSigningKey } from '../../../foundation/identity/signing-key.ts';
import { type Closing, createClosing } from '../../../foundation/process/closing.ts';
import { createLog } from '../../../foundation/telemetry/log.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import { createMeshClients, type MeshClients } from './mesh-clients.ts';
import { type Neighbours, startNeighbours } from './neighbours.for-test.ts';
import { createRunCalls } from './run-calls.ts';
import { createReadSettings, type ReadSettings } from './settings-revision.ts';

let neighbours: Neighbours;
let clients: MeshClients;
let closing: Closing;
let read: ReadSettings;
/** Tenants that were asked about, in order. */
const asked: string[] = [];

beforeAll(async () => {
  const [gateway, orchestrator] = await Promise.all([generateSigningKey(), generateSigningKey()]);
  const keys = { gateway: [gateway.publicJwk], orchestrator: [orchestrator.publicJwk] };
  neighbours = await startNeighbours(JSON.stringify(keys));
  clients = createMeshClients({
    targets: neighbours.targets,
    tracer: new ProxyTracerProvider().getTracer('test'),
    clock: systemClock,
  });
  const log = createLog({ service: 'test', level: 'silent' });
  closing = createClosing(log);
  read = createReadSettings({
    ...clients,
    ...{ clock: systemClock, log, closing },
    callsOf: createRunCalls(createRunTokenMint(orchestrator.privateJwk, systemClock)),
    ownToken: createServiceTokenMint('orchestrator', orchestrator.privateJwk, systemClock),
  });
});
beforeEach(() => {
  asked.length = 0;
  neighbours.settingsOf = (tenantId) => String(asked.push(tenantId));
});
afterAll(async () => {
  await closing.close();
  clients.close();
  await neighbours.close();
});

function running(): StoredExecution {
  const rest = { reason: '', error: '', partial: false, isQueued: false, isParked: false } as const;
  return { ...newRecord({ tenantId: randomUUID() }), status: 'running', ...rest };
}

/** Reads until the registry is no longer asked: from then on its answer is kept. */
async function untilKept(execution: StoredExecution): Promise<string | undefined> {
  for (let before = -1; before < asked.length; ) {
    before = asked.length;
    await read(execution);
  }
  return read(execution);
}

describe('the revision of settings', () => {
  it('is asked for once, until the registry tells of a change', async () => {
    const [own, other] = [running(), running()];
    const kept = await untilKept(own);
    const keptOther = await untilKept(other);
    expect(keptOther).not.toBe(kept);
    const before = asked.length;
    expect(await read({ ...own, id: randomUUID() })).toBe(kept);
    expect(asked).toHaveLength(before);
    neighbours.changed.push(own.tenantId);
    let now = kept;
    while (now === kept) now = await read(own);
    expect(asked.slice(before)).toEqual([own.tenantId]);
    expect(await read(other)).toBe(keptOther);
  });

  it('is empty for a tenant that has set nothing', async () => {
    neighbours.settingsOf = () => '';
    expect(await read(running())).toBe('');
  });

  it('is undefined where it cannot be told, and asked for again', async () => {
    const execution = running();
    neighbours.settingsOf = () => {
      throw new Error('away');
    };
    expect(await read(execution)).toBeUndefined();
    neighbours.settingsOf = () => 'known';
    expect(await read(execution)).toBe('known');
  });
});
