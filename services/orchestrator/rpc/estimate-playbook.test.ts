// EstimatePlaybook over recorded runs of a real database: whose runs and which of them count, and what a plan holds that cannot be estimated.
import { create } from '@bufbuild/protobuf';
import { type Client, createClient } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { EstimateService } from '../../../proto/gen/domainflow/orchestrator/v1/estimate_service_pb.js';
import { AgentClass } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { PlanNodeSchema, PlanSchema } from '../../../proto/gen/domainflow/registry/v1/plan_pb.js';
import { newPerson, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { planMessageOf } from '../engine/pinned-plan.for-test.ts';
import { ask, keyOf, planWithApprovals, submit } from './control.for-test.ts';

let databases: TestDatabases;
let app: TestOrchestrator;
let estimates: Client<typeof EstimateService>;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'orchestrator_estimates');
  estimates = createClient(EstimateService, app.transport);
  app.neighbours.plans.set('town', planMessageOf({ first: [], third: [] }));
}, 60_000);
afterAll(async () => {
  await app?.close();
  await databases?.stop();
});

const estimate = (person: Principal, changes: object = {}) =>
  estimates.estimatePlaybook(
    { domainId: 'city', playbook: AgentClass.INGESTION, count: 10, ...changes },
    app.as(person),
  );

async function run(start: Promise<{ readonly jobId: string }>): Promise<void> {
  const { jobId } = await start;
  await app.watch.seen(keyOf(jobId), 'ended');
}

/** Recorded tasks by agent. */
async function tasksOf(answer: ReturnType<typeof estimate>): Promise<Record<string, number | undefined>> {
  const { agents } = await answer;
  return Object.fromEntries(agents.map(({ agentId, durationBasis }) => [agentId, durationBasis?.tasks]));
}

describe('an estimate', () => {
  it('rests on completed runs of the tenant and the kind, whoever started them and in whatever domain', async () => {
    const own = newPerson();
    const colleague = newPerson({ tenantId: own.tenantId });
    expect(await tasksOf(estimate(own))).toEqual({ first: 0, second: 0 });
    for (const [person, domainId] of [
      [own, 'city'],
      [colleague, 'city'],
      [own, 'town'],
      [newPerson(), 'city'],
    ] as const) {
      await run(submit(app, person, domainId));
    }
    await run(ask(app, colleague));
    expect(await tasksOf(estimate(own))).toEqual({ first: 3, second: 2 });
    expect(await tasksOf(estimate(own, { playbook: AgentClass.QUERY }))).toEqual({ first: 1, second: 1 });
    expect(await tasksOf(estimate(newPerson()))).toEqual({ first: 0, second: 0 });
  });

  it('of a sequence takes longer than either of its tasks, and as long in all as places allow', async () => {
    const own = newPerson();
    for (let runs = 0; runs < 3; runs += 1) await run(submit(app, own));
    const { perRun, whole, agents, concurrency } = await estimate(own, { count: 1_000_000 });
    const [first, second] = agents.map((agent) => agent.perRun?.durationS?.p50 ?? Number.NaN);
    expect(perRun?.durationS?.p90).toBeGreaterThanOrEqual(Math.max(first ?? 0, second ?? 0));
    expect(concurrency).toBe(100);
    const work = agents.reduce((sum, agent) => sum + (agent.whole?.durationS?.p50 ?? 0), 0);
    expect(whole?.durationS?.p50).toBeGreaterThan(work / 100 / 2);
    expect(whole?.durationS?.p50).toBeLessThan((work / 100) * 2 + 10);
  });

  it('names people who decide, and agents that are gone', async () => {
    app.neighbours.plans.set('asks', planWithApprovals({ first: [], 'approval-a': ['first'] }));
    const gone = { agentId: 'lost', errorCode: 'agent_missing', message: '' };
    const nodes = [
      ...planMessageOf({ first: [] }).nodes,
      create(PlanNodeSchema, { nodeId: 'lost', kind: { case: 'unavailable', value: gone } }),
    ];
    app.neighbours.plans.set('lacks', create(PlanSchema, { domainId: 'lacks', nodes, hash: 'lacks' }));
    const own = newPerson();
    await run(submit(app, own));
    const asks = await estimate(own, { domainId: 'asks' });
    expect(asks.warnings).toMatchObject([{ code: 'approval', subject: 'approval-a' }]);
    expect(asks.agents.map(({ agentId }) => agentId)).toEqual(['first']);
    const lacks = await estimate(own, { domainId: 'lacks' });
    expect(lacks.warnings).toMatchObject([{ code: 'agent_unavailable', subject: 'lost' }]);
    expect(lacks.whole).toMatchObject({ moneyKnown: false, money: [] });
    expect(lacks.whole?.calls).toBeUndefined();
  });

  it('is refused for a playbook that cannot be compiled any more, and for an unknown domain', async () => {
    app.neighbours.plans.set('broken', create(PlanSchema, { domainId: 'broken' }));
    const own = newPerson();
    await expect(estimate(own, { domainId: 'broken' })).rejects.toMatchObject({
      reason: 'failed_precondition',
      message: expect.stringContaining('circular dependency'),
    });
    await expect(estimate(own, { domainId: 'nowhere' })).rejects.toMatchObject({ reason: 'not_found' });
    await expect(estimate(own, { playbook: AgentClass.UNSPECIFIED, count: 0 })).rejects.toMatchObject({
      violations: [{ field: 'count' }, { field: 'playbook' }],
    });
  });
});
