// What a task is given (SPEC S6.4): the job's input, its parents' outputs, and the category model of the playbook.
import type { JsonObject } from '../../../foundation/json/json.ts';
import { plannedTask } from './evolve.ts';
import { type ExecutionState, taskOf } from './execution-state.ts';

/** The input of one task. The job's own keys win over other keys of the same name. */
export function taskInput(state: ExecutionState, nodeId: string, jobInput: JsonObject): JsonObject {
  const { parents, inputKeys, categoryModel } = plannedTask(state.plan, nodeId);
  const outputs = parents.map(
    (parent) => [`${parent}_output`, taskOf(state, parent).answer?.output ?? {}] as const,
  );
  const wanted = Object.entries(jobInput).filter(
    ([key]) => inputKeys.length === 0 || inputKeys.includes(key),
  );
  const chosen: JsonObject = categoryModel === undefined ? {} : { category_model: categoryModel };
  return { ...chosen, ...Object.fromEntries(outputs), ...Object.fromEntries(wanted) };
}
