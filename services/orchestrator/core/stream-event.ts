// The journal of a run as watchers are told it (SPEC S8): each event is one event of the stream, under the same number. Prompts and outputs
// of agents are never part of it.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { StoredExecution } from './execution-record.ts';
import type { JournalEntry, JournalEvent, Outcome } from './journal-event.ts';
import type { PlannedTask, RunPlan } from './run-plan.ts';
import { contentOf, type EndReason } from './stream-event-content.ts';

/** What a status event says. */
export type StatusWord =
  | 'loading_agents'
  | 'agent_invoking'
  | 'calling_tool'
  | 'agent_complete'
  | 'agent_error'
  | 'validating'
  | 'synthesizing'
  | 'complete'
  | 'error';

/** What the status words do not cover. */
export type NoticeWord =
  | 'attempt_uncertain'
  | 'tool_ended'
  | 'retry_scheduled'
  | 'task_skipped'
  | 'task_offered'
  | 'task_withdrawn'
  | 'approval_requested'
  | 'approval_decided'
  | 'paused'
  | 'resumed'
  | 'placed'
  | 'cancel_requested';

/** One event of the stream. */
export interface StreamEvent {
  readonly seq: number;
  readonly atMs: number;
  /** Empty when it is a notice. */
  readonly status: StatusWord | '';
  /** Empty when it is a status. */
  readonly notice: NoticeWord | '';
  /** A sentence for people. */
  readonly message: string;
  /** Empty where no agent is concerned. */
  readonly agentId: string;
  readonly agentName: string;
  /** Empty where no task is concerned. */
  readonly taskId: string;
  /** What SPEC S8 names for the word. */
  readonly metadata: JsonObject;
  /** True on the last event of the run. */
  readonly last: boolean;
}

/** Whose events they are: the same for all events of a run. */
export type StreamSubject = Pick<StoredExecution, 'id' | 'kind' | 'subjectId'> & {
  /** Absent for runs without one. */
  readonly sessionId?: string;
  /** User that started it. */
  readonly userId: string;
};

/** The subject of a run. */
export function streamSubjectOf({
  id,
  kind,
  subjectId,
  sessionId,
  principal,
}: StoredExecution): StreamSubject {
  const session = sessionId === undefined ? {} : { sessionId };
  return { id, kind, subjectId, ...session, userId: principal.userId };
}

/** Makes the events of one run. */
export interface StreamMapper {
  /** Entries must come in order; none before the first that is given is needed, apart from how the run turned out. */
  map(entry: JournalEntry): StreamEvent;
}

const statuses: Partial<Record<JournalEvent['type'], StatusWord>> = {
  started: 'loading_agents',
  task_started: 'agent_invoking',
  tool_called: 'calling_tool',
  task_succeeded: 'agent_complete',
  task_reused: 'agent_complete',
  task_failed: 'agent_error',
  task_cancelled: 'agent_error',
  finishing: 'validating',
  effects_planned: 'synthesizing',
};

/**
 * A mapper for a run of this plan. `known` is how the run turned out, as its row shows it: needed only where entries after `finishing` are
 * mapped without it.
 */
export function createStreamMapper(
  plan: RunPlan,
  known: EndReason = { reason: '', error: '' },
): StreamMapper {
  let outcome: Outcome | EndReason = known;
  return {
    map({ seq, atMs, event }) {
      if (event.type === 'finishing') outcome = event.outcome;
      const task = taskIn(plan, event);
      const status = statusOf(event);
      return {
        seq,
        atMs,
        status,
        notice: status === '' ? (event.type as NoticeWord) : '',
        ...contentOf(event, { plan, task, outcome }),
        ...namesOf(task),
        last: event.type === 'ended',
      };
    },
  };
}

function statusOf(event: JournalEvent): StatusWord | '' {
  if (event.type === 'ended') return event.status === 'completed' ? 'complete' : 'error';
  return statuses[event.type] ?? '';
}

function taskIn({ tasks, places }: RunPlan, event: JournalEvent): PlannedTask | undefined {
  return 'nodeId' in event ? tasks[places.get(event.nodeId) ?? -1] : undefined;
}

// A person who decides is no agent.
function namesOf(task: PlannedTask | undefined) {
  const { taskId = '', agentId = '', agentName = '', approval } = task ?? {};
  return approval ? { taskId, agentId: '', agentName: '' } : { taskId, agentId, agentName };
}
