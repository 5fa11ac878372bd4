// The figures of circuit breakers as a setting. What they mean is said where breakers are.
import type { Readers } from './reader.ts';

/** Figures of one breaker or kind; absent ones are its own. */
export interface BreakerFigureConfig {
  readonly failuresMax?: number;
  readonly resetMs?: number;
  readonly successesMin?: number;
  readonly trialTimeoutMs?: number;
}

/** `BREAKERS`: figures by name, or by kind. */
export type BreakerConfig = Readonly<Record<string, BreakerFigureConfig>>;

const figures = {
  failures: { field: 'failuresMax', max: 1_000, unit: 1 },
  reset_s: { field: 'resetMs', max: 3_600, unit: 1_000 },
  successes: { field: 'successesMin', max: 1_000, unit: 1 },
  call_timeout_s: { field: 'trialTimeoutMs', max: 3_600, unit: 1_000 },
} as const;

const namesMax = 1_000;
const nameForm =
  /^(registry|reports|sessions|orchestrator|agents|model|tool|worker|model:.{1,200}|tool:.{1,200}|worker:.{1,200})$/;

/** Reads the figures; every breaker has its own where nothing is set. */
export function readBreakerConfig(read: Readers): BreakerConfig {
  return read.json('BREAKERS', {
    expected:
      'JSON {"<registry, reports, sessions, orchestrator, agents, model, tool, worker, or one such as model:name>": {"failures": 1..1000, "reset_s": 1..3600, "successes": 1..1000, "call_timeout_s": 1..3600}}',
    parse: breakerConfigOf,
    default: {},
  });
}

function breakerConfigOf(value: unknown): BreakerConfig | undefined {
  const entries = entriesOf(value);
  if (!entries || entries.length > namesMax) return undefined;
  const read = entries.map(
    ([name, one]) => [name, nameForm.test(name) ? figuresOf(one) : undefined] as const,
  );
  if (read.some(([, one]) => one === undefined)) return undefined;
  return Object.fromEntries(read.flatMap(([name, one]) => (one ? [[name, one]] : [])));
}

function figuresOf(value: unknown): BreakerFigureConfig | undefined {
  const entries = entriesOf(value);
  const read = entries?.map(([name, figure]) => figureOf(name, figure));
  if (!read || read.some((one) => one === undefined)) return undefined;
  return Object.assign({}, ...read);
}

function figureOf(name: string, value: unknown): BreakerFigureConfig | undefined {
  if (!Object.hasOwn(figures, name) || !Number.isInteger(value)) return undefined;
  const { field, max, unit } = figures[name as keyof typeof figures];
  const figure = Number(value);
  return figure >= 1 && figure <= max ? { [field]: figure * unit } : undefined;
}

function entriesOf(value: unknown): [string, unknown][] | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value)
    : undefined;
}
