// The figures of breakers by setting: which of them hold for a breaker. Reading the setting is not its business.
import type { BreakerLimits } from './breaker-rules.ts';

/** Figures by the key of a breaker, or by a kind such as `tool`, which stands for all `tool:…`. */
export type BreakerFigures = Readonly<Record<string, Partial<BreakerLimits>>>;

/** The limits of a breaker: those set for its key, else for its kind, else its own. */
export function limitsOf(figures: BreakerFigures, key: string, own: BreakerLimits): BreakerLimits {
  const kind = key.split(':', 1)[0] ?? key;
  return { ...own, ...figures[kind], ...figures[key] };
}
