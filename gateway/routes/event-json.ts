// Steps of event streams as clients read them: frames of the events `status`, `notice` and `token`.
import type {
  ExecutionEvent,
  TokenText,
} from '../../proto/gen/domainflow/orchestrator/v1/execution_event_pb.js';
import { ExecutionKind } from '../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import type { WatchStep } from '../clients/follow-watch.ts';
import { eventFrame, placeFrame } from '../core/event-frame.ts';
import { enumWord } from './enum-words.ts';
import { timeJson } from './time-json.ts';

/** The frames of a stream that begins after the place `from`: one for each step, empty where there is nothing to tell. */
export async function* framesOf(steps: AsyncIterable<WatchStep>, from: string): AsyncGenerator<string, void> {
  let known = from;
  for await (const step of steps) {
    yield frameOf(step, known);
    if (step.place !== '') known = step.place;
  }
}

// A place that came without an event is told by itself, so that a client that is cut off before the first event goes on there.
function frameOf({ told, place }: WatchStep, known: string): string {
  switch (told.case) {
    case 'event':
      return eventFrame({
        name: told.value.notice ? 'notice' : 'status',
        id: place,
        data: eventJson(told.value),
      });
    case 'token':
      return eventFrame({ name: 'token', data: tokenJson(told.value) });
    default:
      return place === '' || place === known ? '' : placeFrame(place);
  }
}

function eventJson(event: ExecutionEvent): object {
  return {
    job_id: event.jobId,
    query_id: event.queryId || null,
    incident_id: event.incidentId || null,
    session_id: event.sessionId || null,
    user_id: event.userId || null,
    agent_id: event.agentId || null,
    agent_name: event.agentName || null,
    status: event.status || null,
    message: event.message || null,
    timestamp: timeJson(event.timestamp),
    seq: Number(event.seq),
    metadata: event.metadata ?? null,
    notice: event.notice || null,
    kind: enumWord(ExecutionKind, event.kind),
    task_id: event.taskId || null,
  };
}

function tokenJson({ jobId, taskId, attempt, offset, text }: TokenText): object {
  return { job_id: jobId, task_id: taskId, attempt, offset: Number(offset), text };
}
