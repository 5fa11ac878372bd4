// What a gate finds in the answers of both sides, and when a candidate passes.
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { AnsweredShadow, GateSide, GateSpec, GateThresholds } from './gate.ts';
import type { ShadowCost } from './gate-figures.ts';
import { differencesMax, gateOutcome } from './gate-result.ts';

const plan = { domainVersion: 1, pinned: { hash: '', text: '' } };

function specOf(expected: readonly JsonObject[], thresholds: Partial<GateThresholds> = {}): GateSpec {
  return {
    ...{ playbook: 'query', goldenSet: 'basics', goldenSetVersion: 1, distanceKm: 1, candidate: {} },
    ...{ candidateHash: 'a', presentHash: 'b', plans: { candidate: plan, present: plan } },
    rows: expected.map((each) => ({ input: {}, expected: each })),
    thresholds: { precision: 0.5, recall: 0.5, ...thresholds },
  };
}

const run = (
  side: GateSide,
  row: number,
  changes: Partial<AnsweredShadow['answer']> = {},
): AnsweredShadow => ({
  ...{ side, row, executionId: `${side} ${row}` },
  answer: { succeeded: true, error: '', values: {}, latencyMs: 100, ...changes },
});

const cost = (executionId: string, changes: Partial<ShadowCost> = {}): ShadowCost => ({
  ...{ executionId, currency: 'EUR', calls: 1, tokens: 10, money: 1 },
  ...changes,
});

describe('a candidate', () => {
  it('passes when every field reaches both thresholds', () => {
    const spec = specOf([
      { a: 1, b: 1 },
      { a: 1, b: 1 },
    ]);
    const runs = [
      run('candidate', 0, { values: { a: 1, b: 2 } }),
      run('candidate', 1, { values: { a: 1, b: 1 } }),
    ];
    expect(gateOutcome(spec, runs, [])).toMatchObject({ passed: true, failingPaths: [] });
  });

  it('is failed by one field that is below, however good the others are', () => {
    const spec = specOf(Array.from({ length: 10 }, () => ({ good: 1, bad: 1 })));
    const runs = spec.rows.map((_, row) =>
      run('candidate', row, { values: { good: 1, bad: row < 4 ? 1 : 2 } }),
    );
    const { passed, failingPaths, result } = gateOutcome(spec, runs, []);
    expect([passed, failingPaths]).toEqual([false, ['bad']]);
    expect(result.reasons).toEqual([
      'bad: precision 0.4 is below 0.5 (4 correct of 10 answered)',
      'bad: recall 0.4 is below 0.5 (4 correct of 10 expected)',
    ]);
  });

  it('is failed by runs that fail, also where nothing should be answered', () => {
    const failed = { succeeded: false, error: 'Agent failed: away', values: {} };
    const outcome = gateOutcome(specOf([{ a: null }]), [run('candidate', 0, failed)], []);
    expect(outcome).toMatchObject({ passed: false, failingPaths: ['a'] });
    expect(outcome.result).toMatchObject({
      runs_failed: { candidate: 1 },
      differences: [{ row: 0, path: 'a', expected: null, got: null, error: 'Agent failed: away' }],
    });
    expect(gateOutcome(specOf([{ a: null }]), [run('candidate', 0)], []).passed).toBe(true);
  });

  it.each<[string, Partial<GateThresholds>, readonly ShadowCost[], readonly string[]]>([
    ['within its bound', { costRatioMax: 2 }, [cost('candidate 0', { money: 2 }), cost('present 0')], []],
    [
      'above its bound',
      { costRatioMax: 2 },
      [cost('candidate 0', { money: 3 }), cost('present 0')],
      ['cost: 3 times that of the present version is above 2'],
    ],
    [
      'in tokens where currencies differ',
      { costRatioMax: 2 },
      [cost('candidate 0', { currency: 'USD', tokens: 30 }), cost('present 0')],
      ['cost: 3 times that of the present version is above 2'],
    ],
    [
      'of something against nothing',
      { costRatioMax: 2 },
      [cost('candidate 0')],
      ['cost: the present version costs nothing, so that any cost is above 2 times its own'],
    ],
    ['of nothing', { costRatioMax: 2 }, [], []],
    ['without a bound', {}, [cost('candidate 0', { money: 9 }), cost('present 0')], []],
    ['of other runs', { costRatioMax: 2 }, [cost('of nobody', { money: 9 }), cost('present 0')], []],
  ])('is judged by a cost %s', (_name, thresholds, costs, reasons) => {
    const runs = (['candidate', 'present'] as const).map((side) => run(side, 0, { values: { a: 1 } }));
    expect(gateOutcome(specOf([{ a: 1 }], thresholds), runs, costs).result.reasons).toEqual(reasons);
  });

  it('is judged by the median time of its runs', () => {
    const spec = specOf([{ a: 1 }, { a: 1 }, { a: 1 }], { latencyRatioMax: 1.5 });
    const took = (side: GateSide, times: readonly number[]) =>
      times.map((latencyMs, row) => run(side, row, { latencyMs, values: { a: 1 } }));
    const of = (times: readonly number[]) =>
      gateOutcome(spec, [...took('candidate', times), ...took('present', [100, 100, 100])], []);
    expect(of([100, 150, 9_000]).passed).toBe(true);
    const { passed, result } = of([100, 160, 160]);
    expect(passed).toBe(false);
    expect(result).toMatchObject({
      reasons: ['latency: 1.6 times that of the present version is above 1.5'],
      latency: { candidate: { median_ms: 160, p90_ms: 160 }, present: { median_ms: 100 }, ratio: 1.6 },
    });
  });
});

describe('differences', () => {
  it('are shown up to a number, each with the beginning of what is long', () => {
    const spec = specOf(Array.from({ length: 200 }, () => ({ a: 'x', b: 'y' })));
    const values = { a: 'z'.repeat(5_000) };
    const runs = spec.rows.map((_, row) => run('candidate', row, { values }));
    const { differences, differences_total } = gateOutcome(spec, runs, []).result as {
      differences: { got: string | null }[];
      differences_total: number;
    };
    expect([differences.length, differences_total]).toEqual([differencesMax, 400]);
    expect(differences[0]?.got).toHaveLength(1_000);
    expect(differences[1]?.got).toBeNull();
  });
});
