// Schemas and example of event streams as event-json.ts writes them.
import { ExecutionKind } from '../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import {
  answerObject,
  count,
  freeObject,
  named,
  namedObject,
  oneOf,
  orNull,
  publicId,
  text,
  textOrNull,
  time,
} from '../core/answer-schema.ts';
import { eventFrame } from '../core/event-frame.ts';
import type { JsonSchema, OperationAnswer } from '../core/operation.ts';
import { enumWords } from './enum-words.ts';
import { reportExample } from './report-example.ts';

const id = { ...text, description: 'Where a client goes on after it: the `Last-Event-ID` to come back with' };

const eventProperties = {
  job_id: publicId('job'),
  query_id: orNull(publicId('qry')),
  incident_id: orNull(publicId('inc')),
  session_id: orNull(publicId('sess')),
  user_id: { ...textOrNull, description: 'Who started the run' },
  agent_id: { ...textOrNull, description: 'Null where no agent is concerned' },
  agent_name: textOrNull,
  status: {
    ...textOrNull,
    description:
      'Null in a notice, else `loading_agents`, `agent_invoking`, `calling_tool`, `agent_complete`, `agent_error`, `validating`, `synthesizing`, `complete` or `error`',
  },
  message: { ...textOrNull, description: 'A sentence for people' },
  timestamp: time,
  seq: { ...count, minimum: 1, description: 'Counts the events of the run from 1, without a gap' },
  metadata: { ...orNull(freeObject), description: 'What belongs to the status or notice, such as `attempt`' },
  notice: {
    ...textOrNull,
    description:
      'Null in a status, else what the status words do not cover: `paused`, `resumed`, `retry_scheduled`, `approval_requested`, `approval_decided`, `task_skipped` and the like',
  },
  kind: orNull(oneOf(enumWords(ExecutionKind))),
  task_id: { ...textOrNull, description: 'Null where no task is concerned' },
};

const tokenProperties = {
  job_id: publicId('job'),
  task_id: text,
  attempt: count,
  offset: { ...count, description: 'Place of the text in the whole, in UTF-16 code units' },
  text: { ...text, description: 'A client that comes late first gets the text so far, at 0' },
};

function frame(names: readonly string[], more: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return answerObject({ event: oneOf(names), ...more });
}

/** The named schemas of event streams. */
export const eventSchemas: readonly JsonSchema[] = [
  namedObject(['RunEvent', 'Something that happened in a run'], eventProperties),
  namedObject(['TokenText', 'Text that a model has just written'], tokenProperties),
  {
    $id: 'StreamEvent',
    description: 'A server-sent event; its `data` is JSON',
    anyOf: [
      frame(['status', 'notice'], { id, data: named('RunEvent') }),
      frame(['token'], { data: named('TokenText') }),
      frame(['end'], { data: answerObject({ job_id: publicId('job') }) }),
      frame(['error'], { data: named('Problem') }),
    ],
  },
];

const nothing = { query_id: null, session_id: null, agent_id: null, agent_name: null, task_id: null };
const { job_id, incident_id, created_by } = reportExample;

const data = {
  job_id,
  incident_id,
  user_id: created_by,
  ...nothing,
  status: 'loading_agents',
  message: 'The plan has 3 agents',
  timestamp: reportExample.created_at,
  seq: 1,
  metadata: { agent_count: 3 },
  notice: null,
  kind: 'ingest',
};

/** The answer that is a stream. */
export const streamAnswer: OperationAnswer = {
  description: 'The events, as they happen',
  mediaType: 'text/event-stream',
  schema: {
    ...text,
    description: 'Server-sent events; a frame that is an id alone moves the place to come back to',
    'x-item-schema': named('StreamEvent'),
  },
  example: eventFrame({ name: 'status', id: '1', data }),
};
