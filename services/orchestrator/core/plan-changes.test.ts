// Which reports a management run changes and how: one change for each agent and report, and never two for one path.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { leavesOf, overlap } from './json-leaves.ts';
import { answered, existing, incident } from './management-answer.for-test.ts';
import { effectsJson, managementConflicts, prepareEffects } from './management-effects.ts';
import { namedReports, targetCandidates } from './management-targets.ts';
import type { ManagementAnswer } from './management-wish.ts';
import { type ChangePlan, planChanges, targetsMax } from './plan-changes.ts';

const [a, b, c] = [incident(1), incident(2), incident(3)];
const context = { people: { teams: [], users: [] }, at: '2026-03-01T12:00:00.000Z' };

function plan(answers: readonly ManagementAnswer[], known: readonly string[], command = 'Do it'): ChangePlan {
  const planned = planChanges({ answers, command, verified: existing(known) }, context);
  if ('fault' in planned) throw new Error(planned.fault.message);
  return planned;
}

function faultOf(answers: readonly ManagementAnswer[], known: readonly string[]) {
  const planned = planChanges({ answers, command: 'Do it', verified: existing(known) }, context);
  return 'fault' in planned ? planned.fault.code : undefined;
}

const targets = ({ changes }: ChangePlan) => changes.map(({ incidentIds }) => incidentIds);

describe('targets', () => {
  const close = (...references: string[]) => answered('status', { status: 'closed' }, references);

  it('are what an agent cites and what exists, each once', () => {
    expect(targets(plan([close(a, b, a)], [a, b]))).toEqual([[a, b]]);
    const { rejected, reports, ...planned } = plan([close(a, c)], [a]);
    expect(targets({ rejected, reports, ...planned })).toEqual([[a]]);
    expect(rejected).toEqual([{ referenceId: c, agentId: 'builtin-management-status-updater' }]);
    expect(reports.map(({ referenceId }) => referenceId)).toEqual([a]);
  });

  it('are the reports named in the command where the agent cites none, or none that exists', () => {
    expect(targets(plan([close()], [a, b], `Close ${a.toUpperCase()} and (${b}), ${a}.`))).toEqual([[a, b]]);
    expect(targets(plan([close(c)], [a], `Close ${a}`))).toEqual([[a]]);
    expect(namedReports(`x${a} ${b}0 ${c}`)).toEqual([c]);
  });

  it('are what others cite where an agent cites none itself, and never what only others mean', () => {
    const risk = answered('other', { risk: 1 });
    expect(targets(plan([close(a), risk], [a]))).toEqual([[a], [a]]);
    expect(targets(plan([close(a), answered('other', { risk: 1 }, [b])], [a, b]))).toEqual([[a], [b]]);
  });

  it('are not what others cite where an agent cites only what is unknown', () => {
    expect(targets(plan([close(c), answered('other', { risk: 1 }, [a])], [a]))).toEqual([[a]]);
  });

  it('are none where nothing is verified, so that nothing changes', () => {
    expect(plan([close(a, b)], [], `Close ${a}`).changes).toEqual([]);
    expect(plan([close()], []).changes).toEqual([]);
  });

  it('of agents that want nothing count for nothing', () => {
    expect(plan([answered('details', {}, [a])], [a]).changes).toEqual([]);
  });

  it('are fifty at most, over all agents', () => {
    const many = Array.from({ length: targetsMax + 1 }, (_, nth) => incident(nth));
    expect(faultOf([close(...many)], many)).toBe('too_many_targets');
    expect(faultOf([close(...many.slice(1)), answered('other', { x: 1 }, many.slice(0, 1))], many)).toBe(
      'too_many_targets',
    );
    expect(faultOf([close(...many)], many.slice(1))).toBeUndefined();
  });

  it('are verified each once, those of the command too', () => {
    expect(targetCandidates([close(a, b), close(b)], `And ${c}`)).toEqual([a, b, c]);
  });
});

describe('two agents that want one path', () => {
  it('get the later one, with the conflict told, and keep what only one of them wants', () => {
    const answers = [
      answered('details', { field: 'priority', value: 'low' }, [a, b]),
      answered('other', { task_details: { priority: 'high', crew: 2 } }, [b, c]),
    ];
    const { changes, conflicts } = plan(answers, [a, b, c]);
    expect(
      changes.map(({ agentName, managementData, incidentIds }) => [agentName, managementData, incidentIds]),
    ).toEqual([
      ['Task Details Editor', { task_details: { priority: 'low' } }, [a]],
      ['Risk Agent', { task_details: { priority: 'high', crew: 2 } }, [b]],
      ['Risk Agent', { task_details: { priority: 'high', crew: 2 } }, [c]],
    ]);
    const [details, risk] = [answers[0]?.agentId, answers[1]?.agentId];
    expect(conflicts).toEqual([
      {
        key: 'management_data.task_details.priority',
        kept: { agentId: risk, value: 'high' },
        dropped: [{ agentId: details, value: 'low' }],
      },
    ]);
  });

  it('are in no conflict where both want the same', () => {
    const answers = [
      answered('details', { field: 'priority', value: 'high' }, [a]),
      answered('other', { task_details: { priority: 'high' } }, [a]),
    ];
    const { changes, conflicts } = plan(answers, [a]);
    expect([changes.map(({ agentName }) => agentName), conflicts]).toEqual([['Risk Agent'], []]);
  });

  it('tell a conflict where one replaces what the other fills', () => {
    const answers = [
      answered('other', { risk: 3, plan: { step: 1 } }, [a]),
      { ...answered('other', { risk: { level: 3 }, plan: 'none' }, [a]), agentId: 'agent-later' },
    ];
    const { conflicts } = plan(answers, [a]);
    expect(conflicts.map(({ key, kept, dropped }) => [key, kept.value, dropped[0]?.value])).toEqual([
      ['management_data.risk', { level: 3 }, 3],
      ['management_data.plan.step', 'none', 1],
    ]);
  });

  it('tell one conflict for all who lost to the same', () => {
    const answers = [1, 2, 3].map((value) => ({
      ...answered('other', { x: value }, [a, b]),
      agentId: `agent-${value}`,
    }));
    expect(plan(answers, [a, b]).conflicts).toEqual([
      {
        key: 'management_data.x',
        kept: { agentId: 'agent-3', value: 3 },
        dropped: [
          { agentId: 'agent-1', value: 1 },
          { agentId: 'agent-2', value: 2 },
        ],
      },
    ]);
  });
});

describe('whatever agents answer', () => {
  const ids = [a, b, c, incident(4)];
  const output = fc.dictionary(
    fc.constantFrom('x', 'y', 'z'),
    fc.oneof(
      fc.integer({ max: 3, min: 0 }),
      fc.dictionary(fc.constantFrom('x', 'y'), fc.integer({ max: 3, min: 0 })),
    ),
  );
  const answers = fc.array(fc.tuple(output, fc.subarray(ids)), { maxLength: 5 }).map((list) =>
    list.map(([wanted, cited], at) => ({
      ...answered('other', wanted as JsonObject, cited),
      agentId: `agent-${at}`,
    })),
  );

  it('no path of a report is changed twice, and the last word on each path is kept', () => {
    fc.assert(
      fc.property(answers, (given) => {
        const { changes } = plan(given, ids);
        for (const id of ids) {
          const own = changes.filter(({ incidentIds }) => incidentIds.includes(id));
          const leaves = own.flatMap(({ managementData = {} }) => leavesOf(managementData));
          const twice = leaves.some((leaf, at) => leaves.slice(at + 1).some((other) => overlap(leaf, other)));
          expect(twice).toBe(false);
        }
        const last = given.findLast(({ answer }) => Object.keys(answer.output).length > 0);
        const whole = changes
          .filter(({ agentId }) => agentId === last?.agentId)
          .map(({ managementData }) => managementData);
        for (const data of whole) expect(data).toEqual(last?.answer.output);
      }),
    );
  });

  it('changes stand in plan order, and each agent changes a report once', () => {
    fc.assert(
      fc.property(answers, (given) => {
        const { changes } = plan(given, ids);
        const places = changes.map(({ agentId }) => given.findIndex((each) => each.agentId === agentId));
        expect(places).toEqual(places.toSorted((one, other) => one - other));
        const pairs = changes.flatMap(({ agentId, incidentIds }) =>
          incidentIds.map((id) => `${agentId} ${id}`),
        );
        expect(new Set(pairs).size).toBe(pairs.length);
      }),
    );
  });
});

it('effects name every patch by an id of its own, and outlive the journal', () => {
  const planned = plan([answered('status', { status: 'closed' }, [a, b])], [a, b]);
  const unused = ['id-2', 'id-1'];
  const effects = prepareEffects(planned, { apply: 'review', nextId: () => unused.pop() ?? '' });
  expect(effects.changes.map(({ patches }) => patches)).toEqual([
    [
      { id: 'id-1', incidentId: a },
      { id: 'id-2', incidentId: b },
    ],
  ]);
  const read = JSON.parse(JSON.stringify(effectsJson(effects)));
  expect(read).toEqual(effects);
  expect([managementConflicts(read), managementConflicts(undefined), managementConflicts({})]).toEqual([
    [],
    [],
    [],
  ]);
});
