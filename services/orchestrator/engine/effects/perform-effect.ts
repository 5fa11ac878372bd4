// Does what core decided, outside. Each effect ends in an observation; none of them throws.
import { context as contextApi } from '@opentelemetry/api';
import type { Effect } from '../../core/decide.ts';
import { callAt, type LiveExecution } from '../live-execution.ts';
import { applyOutcome } from './apply-outcome.ts';
import type { EffectDeps, Tell } from './effect-deps.ts';
import { placeDocument } from './place-document.ts';
import { runTask } from './run-task.ts';

/** Performs one effect of an execution, inside the execution's span, and tells what came of it. */
export type PerformEffect = (live: LiveExecution, effect: Effect, tell: Tell) => void;

/** Performs effects on real documents, agents and timers. */
export function createPerformEffect(deps: EffectDeps): PerformEffect {
  return (live, effect, tell) => contextApi.with(live.span.context, () => perform(deps, live, effect, tell));
}

function perform(deps: EffectDeps, live: LiveExecution, effect: Effect, tell: Tell): void {
  const delayOf = (dueMs: number) => dueMs - deps.clock();
  switch (effect.type) {
    case 'place_document':
      void placeDocument(deps, live, tell);
      break;
    case 'invoke':
      void runTask(deps, live, effect, tell);
      break;
    case 'abort':
      live.aborts.get(effect.nodeId)?.abort();
      break;
    case 'wake_for_retry':
      callAt(live, delayOf(effect.dueMs), () => tell({ type: 'retry_due', nodeId: effect.nodeId }));
      break;
    case 'watch_deadline':
      callAt(live, delayOf(effect.dueMs), () => tell({ type: 'deadline' }));
      break;
    case 'apply':
      void applyOutcome(deps, live, tell);
      break;
  }
}
