// What the events of a stream say: a sentence for people, and the metadata that SPEC S8 names for each word.
import type { JsonObject } from '../../../foundation/json/json.ts';
import { cutText } from './cut-text.ts';
import type { JournalEvent, Outcome } from './journal-event.ts';
import { agentsIn, type PlannedTask, type RunPlan } from './run-plan.ts';

/** Why a run did not succeed. */
export type EndReason = Pick<Outcome, 'reason' | 'error'>;

/** What an event is told with. */
export interface EventContext {
  readonly plan: RunPlan;
  /** The task of the event; undefined where none is concerned. */
  readonly task: PlannedTask | undefined;
  /** How the run turned out, as far as it is known. */
  readonly outcome: EndReason;
}

/** What an event says. */
export interface EventContent {
  readonly message: string;
  readonly metadata: JsonObject;
}

/** Longest sentence of a fault in a message, in characters. */
const sentenceMax = 300;

type TaskEvent = Extract<JournalEvent, { readonly nodeId: string }>;

/** What the event says. */
export function contentOf(event: JournalEvent, context: EventContext): EventContent {
  switch (event.type) {
    case 'started':
      return startContent(context.plan);
    case 'paused':
      return { message: 'The run is paused', metadata: { by: event.by } };
    case 'resumed':
      return { message: 'The run goes on', metadata: { by: event.by } };
    case 'placed': {
      const { waitedMs } = event;
      const message = `The run goes on after ${waitedMs} ms in line behind others of its tenant`;
      return { message, metadata: { waited_ms: waitedMs } };
    }
    case 'cancel_requested': {
      const { by, because } = event;
      return { message: 'The run is being cancelled', metadata: { by, because } };
    }
    case 'finishing':
      return { message: 'Checking the outputs', metadata: {} };
    case 'effects_planned':
      return { message: 'Merging the results', metadata: {} };
    case 'ended':
      return endContent(event, context);
    default:
      return taskContent(event, context);
  }
}

function startContent(plan: RunPlan): EventContent {
  const agents = new Map(
    plan.tasks.flatMap(({ agentId, agentName, approval }): [string, string][] =>
      approval ? [] : [[agentId, agentName]],
    ),
  );
  return {
    message: agents.size === 1 ? 'The plan has 1 agent' : `The plan has ${agents.size} agents`,
    metadata: {
      agent_count: agents.size,
      agents: Array.from(agents, ([agent_id, agent_name]) => ({ agent_id, agent_name })),
    },
  };
}

function endContent(
  { status, summary }: Extract<JournalEvent, { readonly type: 'ended' }>,
  { plan, outcome }: EventContext,
): EventContent {
  if (status === 'completed') {
    const metadata = { summary, agent_count: agentsIn(plan) };
    return { message: summary === '' ? 'The run is complete' : summary, metadata };
  }
  const sentence = status === 'cancelled' ? 'The run was cancelled' : 'The run failed';
  const reason = cutText(outcome.error, sentenceMax) || sentence;
  const code = status === 'cancelled' ? 'cancelled' : outcome.reason;
  const message = status === 'cancelled' ? sentence : reason;
  return { message, metadata: { reason, error_code: code } };
}

function taskContent(event: TaskEvent, { plan, task }: EventContext): EventContent {
  const name = task?.agentName ?? event.nodeId;
  switch (event.type) {
    case 'task_started':
      return { message: placeOf(plan, event.nodeId), metadata: { attempt: event.attempt } };
    case 'attempt_uncertain': {
      const { attempt } = event;
      const message = `Nobody knows what came of attempt ${attempt} of ${name}: it is made again`;
      return { message, metadata: { attempt } };
    }
    case 'tool_called': {
      const { attempt, toolName } = event;
      return { message: `${name} calls ${toolName}`, metadata: { tool_name: toolName, attempt } };
    }
    case 'tool_ended':
      return toolContent(event, name);
    case 'task_succeeded':
      return completeContent(task, event, event.cachedFrom !== undefined);
    case 'task_reused':
      return completeContent(task, { ...event, durationMs: 0 }, true);
    default:
      return troubleContent(event, name, task);
  }
}

// What a tool was given and what it answered is no part of the stream: the run itself shows it.
function toolContent(
  { toolName, attempt, durationMs, errorCode }: Extract<TaskEvent, { readonly type: 'tool_ended' }>,
  name: string,
): EventContent {
  const message =
    errorCode === '' ? `${toolName} answered ${name}` : `${toolName} failed for ${name}: ${errorCode}`;
  const metadata = {
    tool_name: toolName,
    attempt,
    execution_time_ms: durationMs,
    error_code: errorCode || null,
  };
  return { message, metadata };
}

interface Completed {
  readonly nodeId: string;
  readonly answer: { readonly output: JsonObject };
  readonly durationMs: number;
}

function completeContent(
  task: PlannedTask | undefined,
  { nodeId, answer, durationMs }: Completed,
  cached: boolean,
): EventContent {
  const name = task?.agentName ?? nodeId;
  const done = task?.approval ? `${nodeId} is approved` : `${name} is done`;
  return {
    message: cached ? `${name} is done: its output came from the cache` : done,
    metadata: { execution_time_ms: durationMs, cached, output_keys: Object.keys(answer.output) },
  };
}

type TroubleEvent = Exclude<
  TaskEvent,
  {
    readonly type:
      | 'task_started'
      | 'attempt_uncertain'
      | 'tool_called'
      | 'tool_ended'
      | 'task_succeeded'
      | 'task_reused';
  }
>;

function troubleContent(event: TroubleEvent, name: string, task: PlannedTask | undefined): EventContent {
  switch (event.type) {
    case 'task_failed': {
      const { code, message } = event.fault;
      return {
        message: `${name} failed: ${cutText(message, sentenceMax)}`,
        metadata: { error_code: code, attempt: event.attempt },
      };
    }
    case 'task_cancelled': {
      const because = event.because === undefined ? '' : `: ${cutText(event.because, sentenceMax)}`;
      const metadata = { error_code: 'cancelled', attempt: event.attempt };
      return { message: `${name} was cancelled${because}`, metadata };
    }
    case 'task_skipped': {
      const because = cutText(event.because, sentenceMax);
      return { message: because === '' ? `${name} is skipped` : because, metadata: { because } };
    }
    case 'retry_scheduled':
      return retryContent(event, name);
    case 'task_offered':
      return offerContent(event, name, task);
    case 'task_withdrawn': {
      const because = cutText(event.because, sentenceMax);
      return { message: `${name} is given to no worker any more`, metadata: { because } };
    }
    case 'approval_requested':
      return requestContent(event, task);
    case 'approval_decided':
      return decisionContent(event);
  }
}

function retryContent(
  { attempt, fault, dueMs, counts }: Extract<TaskEvent, { readonly type: 'retry_scheduled' }>,
  name: string,
): EventContent {
  const due = new Date(dueMs).toISOString();
  const message = counts
    ? `Attempt ${attempt} of ${name} failed: ${cutText(fault.message, sentenceMax)}; the next one is due at ${due}`
    : `${name} waits until ${due}: ${cutText(fault.message, sentenceMax)}`;
  return { message, metadata: { attempt, error_code: fault.code, due_at: due } };
}

function offerContent(
  { attempt }: Extract<TaskEvent, { readonly type: 'task_offered' }>,
  name: string,
  task: PlannedTask | undefined,
): EventContent {
  const capabilities = [...(task?.work?.requiredCapabilities ?? [])];
  return {
    message: `${name} waits for a worker`,
    metadata: { attempt, required_capabilities: capabilities },
  };
}

function requestContent(
  { nodeId, expiresMs }: Extract<TaskEvent, { readonly type: 'approval_requested' }>,
  task: PlannedTask | undefined,
): EventContent {
  const { prompt = '', roles = [] } = task?.approval ?? {};
  const metadata = { prompt, roles: [...roles], expires_at: new Date(expiresMs).toISOString() };
  return { message: `A person has to decide on ${nodeId}`, metadata };
}

function decisionContent({
  nodeId,
  approved,
  by,
  comment,
}: Extract<TaskEvent, { readonly type: 'approval_decided' }>): EventContent {
  const verdict = approved ? 'approved' : 'rejected';
  const message =
    by === null ? `Nobody decided on ${nodeId} in time: it is ${verdict}` : `${nodeId} was ${verdict}`;
  return { message, metadata: { approved, decided_by: by, comment } };
}

function placeOf({ tasks }: RunPlan, nodeId: string): string {
  const agents = tasks.filter(({ approval }) => approval === undefined);
  return `Executing agent ${agents.findIndex((task) => task.nodeId === nodeId) + 1}/${agents.length}`;
}
