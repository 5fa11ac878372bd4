// The estimate of runs of a plan: each task draws from what its agent's tasks have used and taken, a run is all of them together, and all runs
// are sums of runs. Tasks are drawn independently of each other, and every task is taken to run: failures of others are not foreseen.
import type { RunPlan } from '../run-plan.ts';
import type { Sampled, TaskUse } from './agent-figures.ts';
import { type Chance, drawOne, seededChance } from './chance.ts';
import { allRunsRange, runDuration } from './durations.ts';
import { type Range, rangeOf } from './range.ts';
import { type Figures, sumRanges } from './sums.ts';

/** What is used; what nobody can say is absent. */
export interface UseEstimate {
  readonly calls?: Range;
  readonly inputTokens?: Range;
  readonly outputTokens?: Range;
  /** By currency, in 1e-9 of its unit; in the order of the currencies' names. */
  readonly money: ReadonlyMap<string, Range>;
  /** False when something is used whose price is not known. */
  readonly isMoneyKnown: boolean;
  readonly seconds?: Range;
}

/** One run, and all of them. */
export interface EstimatedRuns {
  readonly perRun: UseEstimate;
  readonly whole: UseEstimate;
}

/** What tasks of one agent are going to use and take. */
export interface TaskFigures {
  readonly uses: Sampled<TaskUse>;
  readonly seconds: Sampled<number>;
}

/** Runs to estimate. */
export interface EstimateAsked {
  readonly plan: Pick<RunPlan, 'tasks' | 'places'>;
  /** By agentId, for every task of the plan that is no approval. */
  readonly figures: ReadonlyMap<string, TaskFigures>;
  /** Runs, from 1. */
  readonly count: number;
  /** Runs at a time, from 1. */
  readonly concurrency: number;
  /** The same seed gives the same estimate. */
  readonly seed: string;
}

/** Estimates by agentId, and of all agents together. */
export interface Estimate extends EstimatedRuns {
  readonly agents: ReadonlyMap<string, EstimatedRuns>;
}

/** Draws of a run. */
const drawsMax = 1_000;

/** Estimates; it may be interrupted between agents. */
export function* estimateRuns(asked: EstimateAsked): Generator<undefined, Estimate> {
  const { plan, figures, seed } = asked;
  const agents = new Map<string, EstimatedRuns>();
  for (const [agentId, own] of figures) {
    const tasks = plan.tasks.filter((task) => !task.approval && task.agentId === agentId);
    const chance = seededChance(`${seed} ${agentId}`);
    const all = { ...asked, chance };
    const uses = useRanges(
      tasks.map(() => own.uses),
      all,
    );
    const seconds = secondsOfAgent(
      tasks.map(() => own.seconds),
      all,
    );
    agents.set(agentId, joined(uses, seconds));
    yield;
  }
  const chance = seededChance(seed);
  const figuresByTask = plan.tasks.map(({ agentId, approval }) =>
    approval ? undefined : figures.get(agentId),
  );
  const uses = useRanges(
    figuresByTask.flatMap((each) => (each ? [each.uses] : [])),
    { ...asked, chance },
  );
  yield;
  return { ...joined(uses, secondsOfRuns(figuresByTask, { ...asked, chance })), agents };
}

type Drawing = EstimateAsked & { readonly chance: Chance };

interface BothRanges<T> {
  readonly perRun: T;
  readonly whole: T;
}

type Uses = Omit<UseEstimate, 'seconds'>;

function joined(uses: BothRanges<Uses>, seconds: BothRanges<Range> | undefined): EstimatedRuns {
  const { perRun, whole } = uses;
  if (!seconds) return uses;
  return {
    perRun: { ...perRun, seconds: seconds.perRun },
    whole: { ...whole, seconds: seconds.whole },
  };
}

function useRanges(tasks: readonly Sampled<TaskUse>[], { count, chance }: Drawing): BothRanges<Uses> {
  const samples = tasks.map((task) => task.samples);
  if (!samples.every((each) => each !== undefined)) {
    const unknown = { money: new Map(), isMoneyKnown: false };
    return { perRun: unknown, whole: unknown };
  }
  const all = samples.flat();
  const currencies = [...new Set(all.flatMap(({ money }) => (money ? [money.currency] : [])))].sort();
  const isMoneyKnown = all.every(({ calls, money }) => calls === 0 || money !== undefined);
  const drawn = drawSums(
    samples.map((each) => each.map((use) => figuresOf(use, currencies))),
    chance,
  );
  const shown = (ranges: readonly Range[]): Uses => {
    const [calls, inputTokens, outputTokens, ...money] = ranges;
    const byCurrency = new Map(money.map((range, at) => [currencies[at] ?? '', range]));
    const known = calls && inputTokens && outputTokens ? { calls, inputTokens, outputTokens } : {};
    return { ...known, money: byCurrency, isMoneyKnown };
  };
  const records = recordsOf(tasks);
  return {
    perRun: shown(sumRanges(drawn, { count: 1, records, chance })),
    whole: shown(sumRanges(drawn, { count, records, chance })),
  };
}

function figuresOf(
  { calls, inputTokens, outputTokens, money }: TaskUse,
  currencies: readonly string[],
): Figures {
  const spent = currencies.map((currency) => (money?.currency === currency ? money.nanos : 0));
  return [calls, inputTokens, outputTokens, ...spent];
}

/** Sums of a sample of each task. Of a single task they are its samples, and of none nothing. */
function drawSums(samples: readonly (readonly Figures[])[], chance: Chance): readonly Figures[] {
  const [first, ...others] = samples;
  if (!first) return [[0, 0, 0]];
  if (others.length === 0) return first;
  return Array.from({ length: drawsMax }, () => {
    const sum = [...drawOne(first, chance)];
    for (const task of others) {
      for (const [at, value] of drawOne(task, chance).entries()) sum[at] = (sum[at] ?? 0) + value;
    }
    return sum;
  });
}

/** A sum is as sure as the least of what it rests on; what never changes makes nothing unsure. */
function recordsOf(tasks: readonly Sampled<unknown>[]): number {
  const unsure = tasks.filter(({ samples }) => samples && samples.length > 1);
  return Math.min(drawsMax, ...unsure.map(({ records }) => records));
}

/** The time that the tasks of an agent take together. */
function secondsOfAgent(
  tasks: readonly Sampled<number>[],
  { count, chance }: Drawing,
): BothRanges<Range> | undefined {
  const samples = tasks.map((task) => task.samples);
  if (!samples.every((each) => each !== undefined)) return undefined;
  const drawn = drawSums(
    samples.map((each) => each.map((seconds) => [seconds])),
    chance,
  );
  const [whole] = sumRanges(drawn, { count, records: recordsOf(tasks), chance });
  return whole && { perRun: rangeOf(drawn.flat()), whole };
}

/** The time of a run from its start to its end, and until the last of all has ended. Nobody waits for people. */
function secondsOfRuns(
  figures: readonly (TaskFigures | undefined)[],
  { plan, chance, ...all }: Drawing,
): BothRanges<Range> | undefined {
  const tasks = figures.map((each) => each?.seconds ?? { samples: [0], records: 1 });
  const samples = tasks.map((task) => task.samples);
  if (!samples.every((each) => each !== undefined)) return undefined;
  const draw = () =>
    runDuration(
      plan,
      samples.map((each) => drawOne(each, chance)),
    );
  const drawn = Array.from({ length: drawsMax }, draw);
  const records = recordsOf(figures.flatMap((each) => (each ? [each.seconds] : [])));
  return { perRun: rangeOf(drawn), whole: allRunsRange(drawn, { ...all, records, chance }) };
}
