// What the engine reads from a pinned plan beyond its graph.
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import {
  type Agent,
  AgentRuntime,
  AgentSettingsSchema,
  UncertainPolicy,
} from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { Plan } from '../../../proto/gen/domainflow/registry/v1/plan_pb.js';
import { planMessageOf } from './pinned-plan.for-test.ts';
import { openPlan, pinPlan } from './pinned-plan.ts';

function modelsIn(plan: Plan) {
  return openPlan(pinPlan(plan)).run.tasks.map(({ categoryModel }) => categoryModel);
}

function withCategories(plan: Plan): Plan {
  const [first] = plan.nodes;
  if (first?.kind.case !== 'agent') throw new Error('the plan begins with no agent');
  first.kind.value.outputSchema = { type: 'object', properties: { category: { type: 'string' } } };
  return plan;
}

function tasksOf(changes: Partial<Agent>) {
  const plan = planMessageOf({ only: [] });
  for (const { kind } of plan.nodes) if (kind.case === 'agent') Object.assign(kind.value, changes);
  return openPlan(pinPlan(plan)).run.tasks;
}

const settingsOf = (settings: MessageInitShape<typeof AgentSettingsSchema>) =>
  create(AgentSettingsSchema, settings);

describe('an output', () => {
  const hour = 3_600_000;

  it.each([
    ['of an agent of the platform, which names no runtime,', { isInbuilt: true }, hour],
    [
      'of one that names builtin',
      { isInbuilt: true, settings: settingsOf({ runtime: AgentRuntime.BUILTIN }) },
      hour,
    ],
    ['of one that says how long', { isInbuilt: true, settings: settingsOf({ cacheTtlS: 0 }) }, 0],
    ['of an agent of a tenant', { isInbuilt: false }, 0],
    [
      'of a tenant’s that says how long',
      { isInbuilt: false, settings: settingsOf({ cacheTtlS: 60 }) },
      60_000,
    ],
    ['of a worker', { isInbuilt: false, settings: settingsOf({ runtime: AgentRuntime.WORKER }) }, 0],
  ])('%s may serve others for so long', (_name, changes, expected) => {
    expect(tasksOf(changes).map(({ cacheTtlMs }) => cacheTtlMs)).toEqual([expected]);
  });
});

describe('an agent', () => {
  it.each([
    ['with tools', { tools: ['bedrock', 'weather'] }, true],
    ['with the language model alone', { tools: ['bedrock'] }, undefined],
    ['without any', { tools: [] }, undefined],
    ['that workers run', { settings: settingsOf({ runtime: AgentRuntime.WORKER }) }, undefined],
  ])('%s is one that calls tools: %s', (_name, changes, expected) => {
    expect(tasksOf(changes).map(({ callsTools }) => callsTools)).toEqual([expected]);
  });
});

describe('a task of an agent that workers run', () => {
  it.each([
    [UncertainPolicy.FAIL, true],
    [UncertainPolicy.RETRY, undefined],
    [UncertainPolicy.UNSPECIFIED, undefined],
  ])('fails with an uncertain attempt where the agent says so: %s', (onUncertain, expected) => {
    const settings = settingsOf({ runtime: AgentRuntime.WORKER, onUncertain });
    expect(tasksOf({ settings }).map(({ work }) => work?.failsUncertain)).toEqual([expected]);
  });
});

describe('the category model of a playbook', () => {
  const graph = { first: [], second: [] };

  it('is told to the agents that fill the key category, and to no other', () => {
    const plan = withCategories(planMessageOf(graph, { categoryModel: 'boston311' }));
    expect(modelsIn(plan)).toEqual(['boston311', undefined]);
  });

  it('is told to nobody where the playbook names none', () => {
    expect(modelsIn(withCategories(planMessageOf(graph)))).toEqual([undefined, undefined]);
  });
});
