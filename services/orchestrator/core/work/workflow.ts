// Workflows: graphs of tasks that came with a request, and where one stands.
import type { JsonObject } from '../../../../foundation/json/json.ts';
import type { TaskDocument } from './task-document.ts';

/** A task as a workflow describes it. */
export interface WorkflowTask extends TaskDocument {
  /** Unique in the workflow. */
  readonly key: string;
  /** Keys of the tasks whose results it is given, each once. */
  readonly dependsOn: readonly string[];
}

/** A description as it was checked: its tasks form a graph without cycles. */
export interface WorkflowDocument {
  readonly name: string;
  readonly description: string;
  /** For whom it is; absent for its creator. */
  readonly userId?: string;
  /** 1 to 100, as they were described. */
  readonly tasks: readonly WorkflowTask[];
  /** Five fields of cron in UTC; absent for none. */
  readonly schedule?: string;
  /** UUIDs of workflows that must have completed before it is executed; whether there are such is not looked at. */
  readonly dependencies: readonly string[];
  /** What each of its tasks is told. */
  readonly environment: JsonObject;
  readonly metadata: JsonObject;
}

/**
 * Where a workflow stands: as its newest execution does. Before the first it is `scheduled` while its schedule lives, `cancelled` once somebody
 * ended it, else `created`.
 */
export const workflowStatuses = [
  'created',
  'scheduled',
  'running',
  'completed',
  'failed',
  'cancelled',
] as const;

/** Where a workflow stands. */
export type WorkflowStatus = (typeof workflowStatuses)[number];

/** Why an execution was not started. */
export type NotStarted =
  | { readonly type: 'under_way' }
  /** UUIDs of workflows that it depends on and that have not completed, or whose last execution did not. */
  | { readonly type: 'dependencies'; readonly ids: readonly string[] };

/** Says why nothing was started, as a sentence. */
export function notStartedBecause(why: NotStarted): string {
  if (why.type === 'under_way') return 'An execution of the workflow is under way';
  return `Workflows that it depends on have not completed: ${why.ids.join(', ')}`;
}
