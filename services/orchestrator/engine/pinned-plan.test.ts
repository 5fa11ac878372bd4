// What the engine reads from a pinned plan beyond its graph.
import { describe, expect, it } from '@jest/globals';
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
