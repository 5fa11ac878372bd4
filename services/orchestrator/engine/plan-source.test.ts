// Plans for starts: what moves over the wire, what is held, and that a start never gets another plan than the registry's of now.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { systemClock } from '../../../foundation/clock.ts';
import { createRequestTokenMint } from '../../../foundation/identity/mesh-issuers.ts';
import { generateSigningKey } from '../../../foundation/identity/signing-key.ts';
import { callWith } from '../../../foundation/rpc/caller.ts';
import { AgentClass } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { newPerson } from '../app.for-test.ts';
import { createMeshClients, type MeshClients } from '../clients/mesh-clients.ts';
import { type Neighbours, startNeighbours } from '../clients/neighbours.for-test.ts';
import { decide } from '../core/decide.ts';
import { initialState } from '../core/execution-state.ts';
import { planMessageOf } from './pinned-plan.for-test.ts';
import { openPlan, pinPlan } from './pinned-plan.ts';
import { createPlanSource, type PlanSource } from './plan-source.ts';

let neighbours: Neighbours;
let clients: MeshClients;
let plans: PlanSource;
let mint: ReturnType<typeof createRequestTokenMint>;
const [first, second] = [planMessageOf({ a: [] }), planMessageOf({ a: [], b: ['a'] })];
const person = newPerson();

beforeAll(async () => {
  const gateway = await generateSigningKey();
  const keys = [gateway.publicJwk];
  neighbours = await startNeighbours(JSON.stringify({ gateway: keys, orchestrator: keys, agents: keys }));
  clients = createMeshClients({
    targets: neighbours.targets,
    tracer: trace.getTracer('test'),
    clock: systemClock,
  });
  mint = createRequestTokenMint(gateway.privateJwk, systemClock);
}, 30_000);
beforeEach(() => {
  plans = createPlanSource(clients.domains);
  neighbours.resolved.length = 0;
  neighbours.plans.set('city', first);
  neighbours.plans.set('town', second);
});
afterAll(async () => {
  clients?.close();
  await neighbours?.close();
});

const resolve = (
  domainId: string,
  { tenantId, playbook = AgentClass.QUERY } = { tenantId: person.tenantId },
) =>
  plans.resolve(
    { tenantId, domainId, playbook },
    callWith({ token: mint.mint({ ...person, tenantId }), timeoutMs: 10_000 }),
  );

describe('createPlanSource', () => {
  it('moves a plan once as long as it holds', async () => {
    const pinned = pinPlan(first);
    for (let round = 0; round < 3; round += 1)
      expect(await resolve('city')).toEqual({ domainVersion: 1, pinned });
    expect(neighbours.resolved).toEqual(['plan', 'unchanged', 'unchanged']);
  });

  it('answers the plan of now after a change, and after the change is taken back', async () => {
    await resolve('city');
    neighbours.plans.set('city', second);
    expect((await resolve('city')).pinned.hash).toBe(second.hash);
    neighbours.plans.set('city', first);
    expect((await resolve('city')).pinned.hash).toBe(first.hash);
    expect(neighbours.resolved).toEqual(['plan', 'plan', 'plan']);
  });

  it('keeps domains, playbooks and tenants apart', async () => {
    const other = newPerson();
    const asked = [
      () => resolve('city'),
      () => resolve('town'),
      () => resolve('city', { tenantId: person.tenantId, playbook: AgentClass.INGESTION }),
      () => resolve('city', other),
    ];
    const expected = [first, second, first, first].map(({ hash }) => hash);
    for (const round of [1, 2]) {
      const hashes: string[] = [];
      for (const ask of asked) hashes.push((await ask()).pinned.hash);
      expect([round, hashes]).toEqual([round, expected]);
    }
    const once = asked.map(() => 'plan');
    expect(neighbours.resolved).toEqual([...once, ...asked.map(() => 'unchanged')]);
  });

  it('answers the fault of a domain that is gone, whatever is held', async () => {
    await resolve('city');
    neighbours.plans.delete('city');
    await expect(resolve('city')).rejects.toMatchObject({ reason: 'not_found' });
  });

  it('answers a plan that fails before any agent runs where the playbook has become cyclic, and says why', async () => {
    neighbours.plans.set('city', planMessageOf({}));
    const { run } = openPlan((await resolve('city')).pinned);
    const unavailableBecause = 'circular dependency: a -> b -> a';
    expect(run.tasks).toEqual([expect.objectContaining({ unavailable: 'plan_invalid', unavailableBecause })]);
    const state = initialState(run);
    const known = { nowMs: 1, places: 1, steps: { document: true, prepare: false } };
    const { effects } = decide(state, { type: 'document_placed' }, known);
    expect(effects).toEqual([{ type: 'apply' }]);
    expect(state.outcome).toMatchObject({ succeeded: false, reason: 'plan_invalid' });
    expect(state.outcome?.error).toContain(unavailableBecause);
  });
});
