// Does what core decided, outside. Each effect ends in an observation; none of them throws.
import { context as contextApi } from '@opentelemetry/api';
import { endedByRun } from '../../clients/attempt.ts';
import type { Effect } from '../../core/decision/decision.ts';
import type { LiveExecution } from '../live-execution.ts';
import { applyOutcome } from './apply-outcome.ts';
import type { EffectDeps, Tell } from './effect-deps.ts';
import { lookUp } from './look-up.ts';
import { placeDocument } from './place-document.ts';
import { prepareOutcome } from './prepare-outcome.ts';
import { runTask } from './run-task.ts';

/** Performs one effect of an execution, inside the execution's span, and tells what came of it. */
export type PerformEffect = (live: LiveExecution, effect: Effect, tell: Tell) => void;

/** Performs effects on real documents and agents. */
export function createPerformEffect(deps: EffectDeps): PerformEffect {
  return (live, effect, tell) => contextApi.with(live.span.context, () => perform(deps, live, effect, tell));
}

function perform(deps: EffectDeps, live: LiveExecution, effect: Effect, tell: Tell): void {
  switch (effect.type) {
    case 'place_document':
      void placeDocument(deps, live, tell);
      break;
    case 'look_up':
      void lookUp(deps, live, effect.nodeId, tell);
      break;
    case 'invoke':
      void runTask(deps, live, effect, tell);
      break;
    case 'abort':
      live.aborts.get(effect.nodeId)?.abort(endedByRun);
      break;
    case 'prepare':
      void prepareOutcome(deps, live, tell);
      break;
    case 'apply':
      void applyOutcome(deps, live, tell);
      break;
  }
}

/** See there. */
export { endedByRun };
