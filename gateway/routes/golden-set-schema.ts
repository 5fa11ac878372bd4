// Schemas and examples of golden sets. What is sent describes: the registry judges it, so that every problem of a set is told at once.
import type { JsonObject } from '../../foundation/json/json.ts';
import { AgentClass } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import {
  answerObject,
  count,
  flag,
  listOf,
  named,
  namedObject,
  oneOf,
  text,
  time,
} from '../core/answer-schema.ts';
import type { JsonSchema } from '../core/operation.ts';
import { uuidSchema, warningsProperty, writtenText } from './definition-schema.ts';
import { domainPath } from './domain-schema.ts';
import { enumWord, enumWords } from './enum-words.ts';

const writing = enumWord(AgentClass, AgentClass.MANAGEMENT);

/** A playbook that can be measured: what a management playbook does is what it writes. */
export const measuredPlaybook = oneOf(enumWords(AgentClass).filter((word) => word !== writing));

/** The parts of a path that name a golden set. */
export const goldenSetPath = {
  ...domainPath,
  name: {
    ...text,
    description: 'A lower-case letter, then at most 49 lower-case letters, digits or underscores',
    examples: ['basics'],
  },
};

const referenceTime = {
  ...text,
  description: 'ISO 8601 with its zone: the time that words such as yesterday start from',
};

const rowSchema = namedObject(['GoldenRow', 'One input of a run with what must be answered to it'], {
  input: {
    anyOf: [
      answerObject({ text: writtenText(10_000), source: writtenText(50), reference_time: referenceTime }, [
        'source',
        'reference_time',
      ]),
      answerObject(
        {
          question: writtenText(1_000),
          reference_time: referenceTime,
          session_references: { ...listOf(writtenText(100)), maxItems: 50 },
        },
        ['reference_time', 'session_references'],
      ),
    ],
    description: 'A text for the ingestion playbook, a question for the query playbook',
  },
  expected: {
    ...{ type: 'object', minProperties: 1, maxProperties: 50, additionalProperties: true },
    description:
      'Values by path of the merged answer, such as `geo_location.coordinates[1]` or `entities[].name`; null for what must not be answered',
  },
});

const share = { type: 'number', minimum: 0, maximum: 1 };
const ratio = { type: ['number', 'null'], minimum: 0.01, maximum: 1_000 };

const thresholds = {
  precision: { ...share, description: 'Least of each field: correct of what was answered' },
  recall: { ...share, description: 'Least of each field: correct of what was expected' },
  cost_ratio_max: {
    ...ratio,
    description: 'Most cost of the candidate, as a multiple of the present version',
  },
  latency_ratio_max: { ...ratio, description: 'Likewise for the median duration of a run' },
};

const distance = {
  ...{ type: 'number', minimum: 0, maximum: 20_000 },
  description: 'Kilometres that two points may lie apart and count as the same',
};

const rowProperties = {
  domain_id: text,
  name: text,
  version: { ...count, description: 'From 1, one higher with every PUT' },
  playbook: measuredPlaybook,
  rows_total: count,
  thresholds: answerObject(thresholds),
  tolerances: answerObject({ distance_km: distance }),
  required: {
    ...flag,
    description: 'True when what changes the playbook may be published after a passed gate only',
  },
  created_at: time,
  updated_at: time,
  updated_by: uuidSchema,
};

const summarySchema = namedObject(
  ['GoldenSetRow', 'A golden set in a list, without its rows'],
  rowProperties,
);

const setProperties = { ...rowProperties, rows: listOf(named('GoldenRow')) };

const setSchema = namedObject(
  ['GoldenSet', 'Inputs of a playbook with what must be answered; a PUT takes it as it stands'],
  setProperties,
);

const storedSchema = namedObject(['StoredGoldenSet', 'A golden set that was just stored'], {
  ...setProperties,
  ...warningsProperty,
});

const newSetSchema: JsonSchema = {
  $id: 'NewGoldenSet',
  type: 'object',
  description:
    'A whole golden set, at most 512 KB: what is absent has its default, whatever the version before said; other members are ignored',
  required: ['playbook', 'rows', 'thresholds'],
  properties: {
    playbook: measuredPlaybook,
    rows: {
      ...{ type: 'array', minItems: 1, maxItems: 200, items: named('GoldenRow') },
      description: 'Together they name at most 100 different paths',
    },
    thresholds: { type: 'object', required: ['precision', 'recall'], properties: thresholds },
    tolerances: {
      ...{ type: ['object', 'null'], properties: { distance_km: distance } },
      description: 'Absent means a distance of 1 km',
    },
    required: { ...flag, description: 'Absent means false' },
  },
};

/** Schemas of golden sets. */
export const goldenSetSchemas: readonly JsonSchema[] = [
  rowSchema,
  summarySchema,
  setSchema,
  storedSchema,
  newSetSchema,
];

const rows = [
  {
    input: {
      text: 'A deep pothole on Main Street since yesterday',
      reference_time: '2026-03-01T08:00:00Z',
    },
    expected: { urgency: 'moderate', location_text: 'Main Street' },
  },
];

/** A golden set as it is sent. */
export const newGoldenSetExamples: readonly JsonObject[] = [
  { playbook: 'ingestion', rows, thresholds: { precision: 0.9, recall: 0.9 }, required: true },
];

const summaryExample = {
  ...{ domain_id: 'street_works', name: 'basics', version: 1, playbook: 'ingestion', rows_total: 1 },
  thresholds: { precision: 0.9, recall: 0.9, cost_ratio_max: null, latency_ratio_max: null },
  tolerances: { distance_km: 1 },
  required: true,
  created_at: '2026-03-01T11:00:00.000Z',
  updated_at: '2026-03-01T11:00:00.000Z',
  updated_by: '019c9f00-1111-7222-8333-444455556666',
};

/** The golden sets of a domain. */
export const goldenSetsExample = { golden_sets: [summaryExample] };

/** A golden set. */
export const goldenSetExample = { ...summaryExample, rows };
