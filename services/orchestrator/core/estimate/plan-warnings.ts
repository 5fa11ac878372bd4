// What an estimate cannot know of a plan, and what will not run as it is planned.
import type { RunPlan } from '../run-plan.ts';
import type { EstimateWarning } from './budget-warnings.ts';
import type { TaskFigures } from './estimate.ts';

/** Warnings in the order of the plan. */
export function planWarnings(
  { tasks }: Pick<RunPlan, 'tasks'>,
  figures: ReadonlyMap<string, TaskFigures>,
): readonly EstimateWarning[] {
  const seen = new Set<string>();
  return tasks.flatMap(
    ({ nodeId, agentId, approval, unavailable, unavailableBecause }): EstimateWarning[] => {
      if (approval) {
        const text = 'A person decides here; how long that takes is not in the estimate';
        return [{ code: 'approval', subject: nodeId, text }];
      }
      if (unavailable !== undefined) {
        const why =
          unavailableBecause ?? (unavailable === 'agent_disabled' ? 'It is disabled' : 'It was deleted');
        return [{ code: 'agent_unavailable', subject: nodeId, text: `The agent cannot run: ${why}` }];
      }
      const own = figures.get(agentId);
      if (!own || seen.has(agentId)) return [];
      seen.add(agentId);
      return unknownWarnings(nodeId, own);
    },
  );
}

function unknownWarnings(subject: string, { uses, seconds }: TaskFigures): EstimateWarning[] {
  const priceless = uses.samples?.some(({ calls, money }) => calls > 0 && money === undefined);
  const texts = [
    ...(uses.samples ? [] : [uses.basis.text]),
    ...(priceless ? [`What it costs is not known: ${uses.basis.text}`] : []),
    ...(seconds.samples ? [] : [seconds.basis.text]),
  ];
  return texts.map((text) => ({ code: 'not_known', subject, text }));
}
