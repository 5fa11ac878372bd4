// Descriptions of workflows for tests.
import type { JsonObject } from '../../../../foundation/json/json.ts';

/** The body of a workflow whose tasks depend on each other as given: key → keys. */
export function workflowBody(
  graph: Readonly<Record<string, readonly string[]>>,
  changes: JsonObject = {},
  taskChanges: Readonly<Record<string, JsonObject>> = {},
): JsonObject {
  const tasks = Object.entries(graph).map(([key, depends_on]) => ({
    ...{
      key,
      depends_on: [...depends_on],
      type: 'analysis',
      name: `Task ${key}`,
      description: `Does ${key}`,
    },
    input_data: { asked: key },
    ...taskChanges[key],
  }));
  return { name: 'Flood watch', description: 'Watches a river', tasks, ...changes };
}

/** Two tasks between a first and a last one. */
export const diamond = { first: [], left: ['first'], right: ['first'], last: ['left', 'right'] } as const;
