// Schemas and examples of sessions and their messages as session-json.ts writes them.
import {
  count,
  listOf,
  named,
  namedObject,
  oneOf,
  publicId,
  text,
  textOrNull,
  time,
} from '../core/answer-schema.ts';

const rowProperties = {
  session_id: publicId('sess'),
  title: text,
  domain_id: text,
  message_count: count,
  last_activity: time,
  created_at: time,
  created_by_me: { type: 'boolean' },
};

/** A session in a list. */
export const sessionRowSchema = namedObject(['SessionRow', 'A session in a list'], rowProperties);

const sessionProperties = { ...rowProperties, id: { type: 'string', format: 'uuid' }, updated_at: time };

/** A session without its messages. */
export const sessionSchema = namedObject(
  ['Session', 'A conversation that questions belong to'],
  sessionProperties,
);

/** A session with its messages. */
export const wholeSessionSchema = namedObject(['WholeSession', 'A session with its messages'], {
  ...sessionProperties,
  messages: listOf(named('Message')),
  messages_cursor: { ...textOrNull, description: 'Asks for earlier messages; null when there are none' },
});

/** A report that a text rests on. */
export const referenceSchema = namedObject(
  ['Reference', 'A report that an answer rests on'],
  {
    type: oneOf(['report']),
    reference_id: publicId('inc'),
    summary: text,
    status: text,
    location: { anyOf: [{ type: 'null' }, named('Point')] },
    deleted: { type: 'boolean', description: 'Present and true once the report is deleted' },
  },
  ['deleted'],
);

/** One turn. */
export const messageSchema = namedObject(['Message', 'One turn of a conversation'], {
  message_id: publicId('msg'),
  role: oneOf(['user', 'assistant']),
  content: text,
  timestamp: time,
  metadata: {
    type: 'object',
    required: ['query_id', 'references'],
    properties: { query_id: textOrNull, references: listOf(named('Reference')) },
  },
});

/** A session in a list. */
export const sessionRowExample = {
  session_id: 'sess_019caa7d3e5f7b4f8f7e5a9d2c1b0a98',
  domain_id: 'civic_complaints',
  title: 'Monday',
  message_count: 0,
  last_activity: '2026-03-01T10:00:00.000Z',
  created_at: '2026-03-01T10:00:00.000Z',
  created_by_me: true,
};

/** A session. */
export const sessionExample = {
  ...sessionRowExample,
  id: '019caa7d-3e5f-7b4f-8f7e-5a9d2c1b0a98',
  updated_at: '2026-03-01T10:00:00.000Z',
};
