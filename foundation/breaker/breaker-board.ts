// The circuit breakers of one process: made by name when they are first asked for, listed, and put into a mode by force. It keeps all that
// belong to the platform, and of those that come and go, such as one for each tool of a tenant, as many of a kind as were asked for last.
import { type Clock, systemClock } from '../clock.ts';
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type Breaker, type BreakerOptions, type BreakerView, createBreaker } from './breaker.ts';
import { type BreakerFigures, limitsOf } from './breaker-figures.ts';
import { createBreakerMetrics, forgetBreakerMetrics } from './breaker-metrics.ts';
import { type BreakerLimits, type BreakerMode, defaultBreakerLimits } from './breaker-rules.ts';

/** A breaker to find or make. */
export interface BoardBreaker extends Pick<BreakerOptions, 'refusal' | 'isFailure'> {
  /** Such as `registry` or `tool:<tenant_id>/<tool_name>`: what it is listed and forced by, unique in the process. */
  readonly key: string;
  /** What it is called in metrics and logs [`key`]. */
  readonly name?: string;
  /** Its figures where the settings say nothing; each has a default of `defaultBreakerLimits`. */
  readonly limits?: Partial<BreakerLimits>;
  /** For breakers that come and go: how many of this kind, the part of the key before its colon, are kept. */
  readonly kindMax?: number;
}

/** A breaker as it is listed; times are milliseconds since the Unix epoch. */
export interface BreakerState extends BreakerView {
  readonly key: string;
}

/** A mode that breakers of this key are to be put into, in all processes. */
export interface ForcedMode {
  /** UUID; a process obeys each once. */
  readonly id: string;
  readonly key: string;
  readonly mode: BreakerMode;
  /** When it was asked for, in milliseconds before now. */
  readonly agoMs: number;
}

/** The breakers of a process. */
export interface BreakerBoard {
  /** The breaker of this key; closed when it is new, unless a forced mode still holds. */
  of(wanted: BoardBreaker): Breaker;
  /** Lists a breaker that was made elsewhere, by its name. */
  adopt(breaker: Breaker): void;
  /** Every breaker, in no order. */
  states(): readonly BreakerState[];
  /** Obeys what it has not obeyed yet. What was asked for longer ago than `forcedMsMax` is over by itself. */
  obey(forced: readonly ForcedMode[]): void;
}

/** What a board is made of. */
export interface BreakerBoardOptions {
  readonly metrics: Metrics;
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** Milliseconds of a clock that does not go back. */
  readonly nowMs: () => number;
  /** The time of day [the machine's]. */
  readonly clock?: Clock;
  /** Figures by setting; absent for none. */
  readonly figures?: BreakerFigures | undefined;
}

/** How long a forced mode is passed on to processes that have not heard of it, in milliseconds: as long as an open one holds. */
export const forcedMsMax: number = defaultBreakerLimits.resetMs;

interface Obeyed extends ForcedMode {
  /** When it was asked for, by the clock of this process. */
  readonly sinceMs: number;
}

/** A board without breakers. */
export function createBreakerBoard(options: BreakerBoardOptions): BreakerBoard {
  const { metrics, log, nowMs, clock = systemClock, figures = {} } = options;
  const epochMs = Math.round(clock() - nowMs());
  const breakers = new Map<string, Breaker>(); // in the order of use, since a map keeps the order of insertion
  const obeyed = new Map<string, Obeyed>();
  const measured = createBreakerMetrics(metrics);
  const observer: BreakerOptions['observer'] = (name, to, from) => {
    measured(name, to, from);
    if (from === undefined) return;
    const level = to === 'open' ? 'warn' : 'info';
    log[level]({ breaker: name, from, to }, 'A circuit breaker has changed its state');
  };
  const force = ({ key, mode, sinceMs }: Obeyed): void => {
    const agoMs = nowMs() - sinceMs;
    if (agoMs < forcedMsMax) breakers.get(key)?.force(mode, agoMs);
  };
  const make = ({ key, name = key, limits, refusal, isFailure }: BoardBreaker): Breaker => {
    const own = { forcedOpenMs: forcedMsMax, ...defaultBreakerLimits, ...limits };
    const made = createBreaker({
      ...{ name, refusal, isFailure, nowMs, observer },
      limits: limitsOf(figures, key, own),
    });
    breakers.set(key, made);
    const asked = obeyed.get(key);
    if (asked) force(asked);
    return made;
  };
  const makeRoom = (kind: string, kindMax: number): void => {
    const keys = [...breakers.keys()].filter((key) => kindOf(key) === kind);
    for (const key of keys.slice(0, Math.max(0, keys.length - kindMax))) {
      forgetBreakerMetrics(metrics, breakers.get(key)?.name ?? key);
      breakers.delete(key);
    }
  };
  return {
    of: (wanted) => {
      const { key, kindMax } = wanted;
      const known = breakers.get(key);
      if (known && kindMax === undefined) return known;
      const breaker = known ?? make(wanted);
      breakers.delete(key);
      breakers.set(key, breaker);
      if (!known && kindMax !== undefined) makeRoom(kindOf(key), kindMax);
      return breaker;
    },
    adopt: (breaker) => void breakers.set(breaker.name, breaker),
    states: () => [...breakers].map(([key, breaker]) => ({ key, ...datedView(breaker.look(), epochMs) })),
    obey: (forced) => {
      const fresh = forced.filter(({ id, key }) => obeyed.get(key)?.id !== id);
      for (const each of fresh) {
        const asked = { ...each, sinceMs: nowMs() - each.agoMs };
        obeyed.set(each.key, asked);
        force(asked);
      }
      for (const [key, { sinceMs }] of obeyed) if (nowMs() - sinceMs >= forcedMsMax) obeyed.delete(key);
    },
  };
}

function datedView({ sinceMs, openUntilMs, ...view }: BreakerView, epochMs: number): BreakerView {
  const until = openUntilMs === undefined ? undefined : Math.round(epochMs + openUntilMs);
  return { ...view, sinceMs: Math.round(epochMs + sinceMs), openUntilMs: until };
}

function kindOf(key: string): string {
  return key.slice(0, key.indexOf(':') + 1);
}
