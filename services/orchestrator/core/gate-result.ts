// What a gate found, in the words of the API, and whether the candidate passes.
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import type { JsonObject, JsonValue } from '../../../foundation/json/json.ts';
import { cutText } from './cut-text.ts';
import type { AnsweredShadow, GateSide, GateSpec, GateThresholds, ShadowAnswer } from './gate.ts';
import { figuresOf, type Ratios, ratiosOf, type ShadowCost, type SideFigures } from './gate-figures.ts';
import { type Difference, type Score, type SideScore, scoreSide } from './gate-score.ts';

/** The most differences that a result shows; the rest are counted. */
export const differencesMax = 200;
/** The longest value of a difference, in characters of its JSON; a longer one is shown as the beginning of that. */
export const shownValueMax = 1_000;

/** What came of a gate. */
export interface GateOutcome {
  readonly passed: boolean;
  /** Paths below a threshold. */
  readonly failingPaths: readonly string[];
  readonly result: JsonObject;
}

interface Side {
  readonly answers: ReadonlyMap<number, ShadowAnswer>;
  readonly score: SideScore;
  readonly figures: SideFigures;
}

/** The outcome of a gate all of whose runs have ended. */
export function gateOutcome(
  spec: GateSpec,
  runs: readonly AnsweredShadow[],
  costs: readonly ShadowCost[],
): GateOutcome {
  const candidate = sideOf(spec, runs, { side: 'candidate', costs });
  const present = spec.plans.present && sideOf(spec, runs, { side: 'present', costs });
  const ratios = ratiosOf(candidate.figures, present?.figures);
  const below = fieldsBelow(candidate.score, spec.thresholds);
  const reasons = [...below.map(({ reason }) => reason), ...ratioReasons(ratios, spec.thresholds)];
  const { differences } = candidate.score;
  return {
    passed: reasons.length === 0,
    failingPaths: [...new Set(below.map(({ path }) => path))],
    result: {
      reasons,
      fields: fieldsJson(candidate.score, present?.score),
      overall: sidesJson({ candidate, present }, ({ score }) => scoreJson(score.overall)),
      cost: { ...sidesJson({ candidate, present }, ({ figures }) => costJson(figures)), ratio: ratios.cost },
      latency: {
        ...sidesJson({ candidate, present }, ({ figures }) => latencyJson(figures)),
        ratio: ratios.latency,
      },
      runs_failed: sidesJson({ candidate, present }, ({ answers }) => failedIn(answers)),
      differences: differences
        .slice(0, differencesMax)
        .map((each) => differenceJson(each, { candidate, present })),
      differences_total: differences.length,
    },
  };
}

function sideOf(
  { rows, distanceKm }: GateSpec,
  runs: readonly AnsweredShadow[],
  { side, costs }: { readonly side: GateSide; readonly costs: readonly ShadowCost[] },
): Side {
  const own = runs.filter((run) => run.side === side);
  const answers = new Map(own.map(({ row, answer }) => [row, answer]));
  const executionIds = own.map(({ executionId }) => executionId);
  const ended = [...answers.values()].filter(({ succeeded }) => succeeded);
  const latenciesMs = ended.map(({ latencyMs }) => latencyMs);
  const score = scoreSide(rows, answers, distanceKm);
  return { answers, score, figures: figuresOf({ executionIds, latenciesMs, costs }) };
}

interface Below {
  readonly path: string;
  readonly reason: string;
}

// Each field is held to the thresholds: a mean would hide one that broke behind others that did not.
function fieldsBelow({ fields }: SideScore, thresholds: GateThresholds): readonly Below[] {
  return [...fields].flatMap(([path, score]) =>
    (['precision', 'recall'] as const).flatMap((measure): Below[] => {
      const value = score[measure];
      const least = thresholds[measure];
      if (value === null || value >= least) return [];
      const { correct, expected, answered } = score;
      const of = measure === 'precision' ? `${answered} answered` : `${expected} expected`;
      const reason = `${path}: ${measure} ${rounded(value)} is below ${least} (${correct} correct of ${of})`;
      return [{ path, reason }];
    }),
  );
}

function ratioReasons(
  { cost, latency, costsAnew }: Ratios,
  { costRatioMax, latencyRatioMax }: GateThresholds,
): readonly string[] {
  const reasons: string[] = [];
  if (costRatioMax !== undefined && costsAnew) {
    reasons.push(
      `cost: the present version costs nothing, so that any cost is above ${costRatioMax} times its own`,
    );
  }
  if (costRatioMax !== undefined && cost !== null && cost > costRatioMax) {
    reasons.push(`cost: ${rounded(cost)} times that of the present version is above ${costRatioMax}`);
  }
  if (latencyRatioMax !== undefined && latency !== null && latency > latencyRatioMax) {
    reasons.push(
      `latency: ${rounded(latency)} times that of the present version is above ${latencyRatioMax}`,
    );
  }
  return reasons;
}

interface Sides {
  readonly candidate: Side;
  readonly present: Side | undefined;
}

function sidesJson({ candidate, present }: Sides, shown: (side: Side) => JsonValue): JsonObject {
  return { candidate: shown(candidate), present: present ? shown(present) : null };
}

function fieldsJson(candidate: SideScore, present: SideScore | undefined): JsonValue[] {
  return [...candidate.fields].map(([path, score]) => {
    const other = present?.fields.get(path);
    return { path, candidate: scoreJson(score), present: other ? scoreJson(other) : null };
  });
}

function scoreJson({ expected, answered, correct, precision, recall }: Score): JsonObject {
  return { expected, answered, correct, precision: rounded(precision), recall: rounded(recall) };
}

function costJson({ calls, tokens, money }: SideFigures): JsonObject {
  return { calls, tokens: { ...tokens }, money: money && { ...money } };
}

function latencyJson({ latency: { median, p90 } }: SideFigures): JsonObject {
  return { median_ms: median, p90_ms: p90 };
}

function failedIn(answers: ReadonlyMap<number, ShadowAnswer>): number {
  return [...answers.values()].filter(({ succeeded }) => !succeeded).length;
}

function differenceJson({ row, path, expected, got }: Difference, { candidate, present }: Sides): JsonObject {
  const error = candidate.answers.get(row)?.error ?? '';
  const other = present?.score.differences.find((each) => each.row === row && each.path === path);
  return {
    row,
    path,
    expected: shownValue(expected),
    got: shownValue(got),
    ...(error === '' ? {} : { error }),
    present: present ? (other ? 'wrong' : 'right') : null,
  };
}

function shownValue(value: JsonValue): JsonValue {
  const text = canonicalJson(value);
  return text.length <= shownValueMax ? value : cutText(text, shownValueMax);
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 10_000) / 10_000;
}
