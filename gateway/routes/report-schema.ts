// Schemas and examples of reports as report-json.ts writes them. What an export and a batch look like is beside this.
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
import { imageTypes } from '../core/image-source.ts';
import type { JsonSchema } from '../core/operation.ts';

/** The part of a path that names a report. */
export const reportPath = { incident_id: { ...text, description: 'As POST /reports answered it' } };

/** The header that tells the version of a report. */
export const versionHeader: JsonSchema = {
  ...text,
  description: 'Version of the report, for `If-Match`; absent where its past is shown',
};

const share: JsonSchema = { type: 'number', minimum: 0, maximum: 1 };
const sha256 = { ...textOrNull, description: 'SHA-256 in 64 hex digits; null when unknown' };
const status: JsonSchema = {
  ...text,
  description: '`processing`, then `completed` or `failed`, or a case status in your own words',
};
const uuid: JsonSchema = { ...text, format: 'uuid' };

const rowProperties = {
  incident_id: publicId('inc'),
  domain_id: text,
  raw_text: { ...text, description: 'The first 200 characters' },
  status,
  created_at: time,
  created_by_me: { type: 'boolean' },
};

const reportProperties = {
  ...rowProperties,
  tenant_id: uuid,
  raw_text: { ...text, description: 'The words of the reporter' },
  images: listOf(named('ReportImage')),
  source: { ...text, description: 'Where it came from, such as `web`' },
  ingestion_data: {
    type: 'object',
    description:
      'What the agents found out, under the output keys of the domain; empty until they have ended',
  },
  management_data: {
    type: 'object',
    description: 'What people and commands recorded; `history` holds the newest 100 changes',
  },
  provenance: {
    type: 'object',
    description: 'Where each value of `ingestion_data` comes from, by its key',
    additionalProperties: named('Provenance'),
  },
  conflicts: listOf(named('ReportConflict')),
  confidence: {
    ...share,
    type: ['number', 'null'],
    description: 'Mean over the agents; null until they have ended',
  },
  needs_clarification: { type: 'boolean', description: 'True when `confidence` is below 0.6' },
  clarification_questions: { ...listOf(text), description: 'What to ask the reporter then' },
  job_id: {
    ...publicId('job'),
    type: ['string', 'null'],
    description: 'The newest execution; null for a report that was imported',
  },
  error: { ...textOrNull, description: 'Why no agent found anything; null unless that failed' },
  id: uuid,
  updated_at: time,
  created_by: uuid,
};

const provenanceProperties = {
  agent_id: text,
  agent_version: count,
  execution_id: publicId('job'),
  attempt: count,
  runtime: { ...text, description: 'Model or runtime, such as `builtin`' },
  confidence: share,
  spans: {
    ...listOf(named('Span')),
    description: 'The places in `raw_text` that it was read from; empty when it is not from the text',
  },
};

const imageProperties = {
  url: {
    ...textOrNull,
    description: 'A link that reads it for an hour; for an external image the link that was given',
  },
  object_key: { ...textOrNull, description: 'Null for an external image' },
  content_type: { ...text, description: 'Empty when unknown', examples: [imageTypes[0]] },
  size_bytes: { ...count, description: '0 when unknown' },
  checksum: sha256,
  verified: { type: 'boolean', description: 'True when the platform has looked at type and size' },
};

const conflictValue = {
  type: 'object',
  additionalProperties: false,
  required: ['agent_id', 'value'],
  properties: { agent_id: text, value: { description: 'Any JSON value' } },
};

/** The named schemas of reports. */
export const reportSchemas: readonly JsonSchema[] = [
  namedObject(['ReportRow', 'A report in a list'], rowProperties),
  namedObject(['Report', 'A report with everything that is known of it'], reportProperties),
  namedObject(['ChangedReport', 'A report after a change'], {
    ...reportProperties,
    patch_id: {
      ...publicId('patch'),
      type: ['string', 'null'],
      description: 'The patch that the change was recorded as; null when nothing changed',
    },
  }),
  namedObject(['ReportImage', 'An image of a report'], imageProperties),
  namedObject(['Provenance', 'Where a value comes from'], provenanceProperties),
  namedObject(['Span', 'A range of a text in UTF-16 code units'], {
    start: { ...count, description: 'The first unit' },
    end: { ...count, description: 'The unit after the last one' },
  }),
  namedObject(['ReportConflict', 'A key that agents answered differently'], {
    key: text,
    kept: { description: 'What stands: the later one in the order of the plan', ...conflictValue },
    dropped: listOf(conflictValue),
  }),
  namedObject(['AcceptedReport', 'A report whose run has been recorded'], {
    job_id: publicId('job'),
    incident_id: publicId('inc'),
    status: oneOf(['accepted']),
    message: text,
    timestamp: time,
  }),
  namedObject(['ImageUpload', 'A place for an image'], {
    image_url: { ...text, description: 'Names the image in `images` of a report; nobody can read it there' },
    upload_url: {
      ...text,
      description: 'PUT the bytes here, with the announced type and size, without a credential',
    },
    object_key: text,
    expires_at: { ...time, description: 'When `upload_url` ends, 15 minutes later' },
  }),
];
