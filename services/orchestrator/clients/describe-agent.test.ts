// On what agents run, asked of a real server and kept for a moment while the registry tells of changes.
import { randomUUID } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ProxyTracerProvider } from '@opentelemetry/api';
import { systemClock } from '../../../foundation/clock.ts';
import { createRunTokenMint, createServiceTokenMint } from '../../../foundation/identity/mesh-issuers.ts';
import { generateSigningKey } from '../../../foundation/identity/signing-key.ts';
import { type Closing, createClosing } from '../../../foundation/process/closing.ts';
import { createLog } from '../../../foundation/telemetry/log.ts';
import { AgentRuntime, AgentSchema } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import {
  createDescribeAgent,
  type DescribeAgent,
  type DescribedRuntime,
  describedMs,
} from './describe-agent.ts';
import { createMeshClients, type MeshClients } from './mesh-clients.ts';
import { type Neighbours, startNeighbours } from './neighbours.for-test.ts';
import { createRunCalls } from './run-calls.ts';

let neighbours: Neighbours;
let clients: MeshClients;
let closing: Closing;
let read: DescribeAgent;
let nowMs = 0;
/** Fingerprints that were told, in order. */
const told: string[] = [];

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
  read = createDescribeAgent({
    ...clients,
    ...{ clock: () => systemClock() + nowMs, log, closing },
    callsOf: createRunCalls(createRunTokenMint(orchestrator.privateJwk, systemClock)),
    ownToken: createServiceTokenMint('orchestrator', orchestrator.privateJwk, systemClock),
  });
});
beforeEach(() => {
  told.length = 0;
  neighbours.describe = (agent) => {
    const fingerprint = `${agent?.agentId} ${told.length}`;
    told.push(fingerprint);
    return { runtime: AgentRuntime.MODEL, fingerprint };
  };
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

const agent = create(AgentSchema, { agentId: 'builtin-query-what', version: 1 });

/** Describes until the service is no longer asked: from then on its answer is kept. */
async function untilKept(execution: StoredExecution): Promise<DescribedRuntime | undefined> {
  for (let before = -1; before < told.length; ) {
    before = told.length;
    await read(execution, agent);
  }
  return read(execution, agent);
}

describe('on what an agent runs', () => {
  it('is asked for once in a moment, for each agent, and then again', async () => {
    const own = running();
    const kept = await untilKept(own);
    expect(kept).toEqual({ runtime: 'model', fingerprint: told.at(-1) });
    const before = told.length;
    expect(await read({ ...own, id: randomUUID() }, agent)).toEqual(kept);
    expect(told).toHaveLength(before);
    expect(await read(own, { ...agent, version: 2 })).not.toEqual(kept);
    nowMs += describedMs;
    expect(await read(own, agent)).not.toEqual(kept);
  });

  it('is asked for again as soon as the registry tells of another grant', async () => {
    const own = running();
    const kept = await untilKept(own);
    neighbours.regranted.push(own.tenantId);
    let now = kept;
    while (now?.fingerprint === kept?.fingerprint) now = await read(own, agent);
    expect(now).toEqual({ runtime: 'model', fingerprint: told.at(-1) });
  });

  it.each([
    [
      'the service fails',
      () => {
        throw new Error('away');
      },
    ],
    ['it names no runtime', () => ({ runtime: AgentRuntime.UNSPECIFIED, fingerprint: 'f' })],
    ['it names nothing', () => ({ runtime: AgentRuntime.BUILTIN, fingerprint: '' })],
  ])('is undefined where %s', async (_name, describe) => {
    neighbours.describe = describe;
    expect(await read(running(), agent)).toBeUndefined();
  });
});
