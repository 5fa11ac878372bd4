// Schemas and examples of gates as they are answered. What is sent to start one is in gate-request-schema.ts.
import { GateStatus } from '../../proto/gen/domainflow/orchestrator/v1/gate_pb.js';
import {
  answerObject,
  count,
  listOf,
  named,
  namedObject,
  oneOf,
  orNull,
  publicId,
  text,
  textOrNull,
  time,
  timeOrNull,
} from '../core/answer-schema.ts';
import type { JsonSchema } from '../core/operation.ts';
import { agentIdSchema, uuidSchema } from './definition-schema.ts';
import { domainPath } from './domain-schema.ts';
import { enumWords } from './enum-words.ts';
import { measuredPlaybook } from './golden-set-schema.ts';

const gateId = publicId('gate');
const numberOrNull: JsonSchema = { type: ['number', 'null'] };

/** The parts of a path that name a gate. */
export const gatePath = { ...domainPath, gate_id: gateId };

const scoreSchema = namedObject(['GateScore', 'How one side did; null where nothing can be divided'], {
  expected: count,
  answered: count,
  correct: count,
  precision: { ...numberOrNull, description: 'Correct of what was answered' },
  recall: { ...numberOrNull, description: 'Correct of what was expected' },
});

const spread = { total: { type: 'number' }, median: numberOrNull, p90: numberOrNull };

const costSchema = namedObject(['GateCost', 'What the calls of models of one side came to'], {
  calls: count,
  tokens: answerObject(spread),
  money: {
    ...orNull(answerObject({ currency: text, ...spread })),
    description: 'Null unless every call has a price in the same currency',
  },
});

// Sides that were measured; of the present one only where something was published to compare with.
const sides = (side: JsonSchema) => ({ candidate: side, present: orNull(side) });
const ratio = {
  ratio: { ...numberOrNull, description: 'Candidate by present; null where nothing can be divided' },
};
const latency = answerObject({ median_ms: numberOrNull, p90_ms: numberOrNull });

const measured = {
  reasons: { ...listOf(text), description: 'Why it did not pass, a sentence each' },
  fields: listOf(answerObject({ path: text, ...sides(named('GateScore')) })),
  overall: orNull(answerObject(sides(named('GateScore')))),
  cost: orNull(answerObject({ ...sides(named('GateCost')), ...ratio })),
  latency: orNull(answerObject({ ...sides(latency), ...ratio })),
  runs_failed: orNull(answerObject(sides(count))),
  differences: {
    ...listOf(
      answerObject(
        {
          row: { ...count, description: 'From 0' },
          path: text,
          expected: { description: 'A value longer than 1,000 characters is shown as its beginning' },
          got: { description: 'Likewise; null for no answer' },
          error: { ...text, description: 'Only where the run failed: why' },
          present: { ...textOrNull, description: 'Whether the present version has it `right` or `wrong`' },
        },
        ['error'],
      ),
    ),
    description: 'What the candidate did not answer as expected, the first 200',
  },
  differences_total: count,
};

const gateSchema = namedObject(
  ['Gate', 'A candidate measured by a golden set; what is measured is null or empty until it is completed'],
  {
    gate_id: gateId,
    domain_id: text,
    golden_set: text,
    golden_set_version: count,
    playbook: measuredPlaybook,
    candidate: {
      ...answerObject({ kind: text, agent_id: agentIdSchema, version: count }, ['agent_id', 'version']),
      description:
        'What was given, without its definition: a `playbook`, an `agent`, an `agent_version` or a `domain_version`',
    },
    status: oneOf(enumWords(GateStatus)),
    progress: answerObject({ rows_done: count, rows_total: count }),
    passed: { type: ['boolean', 'null'], description: 'Null until it is completed' },
    ...measured,
    error: { ...textOrNull, description: 'Why it failed' },
    created_by: uuidSchema,
    created_at: time,
    completed_at: timeOrNull,
  },
);

/** Schemas of gates. */
export const gateSchemas: readonly JsonSchema[] = [scoreSchema, costSchema, gateSchema];

/** What the start of a gate answers. */
export const startedGateSchema = answerObject({ gate_id: gateId, status: oneOf(enumWords(GateStatus)) });

const head = {
  gate_id: 'gate_019caa82c0d17e4f9a60b1c2d3e4f506',
  domain_id: 'street_works',
  golden_set: 'basics',
  golden_set_version: 1,
  playbook: 'ingestion',
  candidate: { kind: 'playbook' },
  created_by: '019c9f00-1111-7222-8333-444455556666',
  created_at: '2026-03-01T11:05:00.000Z',
};

const score = (correct: number) => ({
  ...{ expected: 2, answered: correct, correct, precision: correct > 0 ? 1 : null, recall: correct / 2 },
});
const noCost = { calls: 0, tokens: { total: 0, median: 0, p90: 0 }, money: null };

/** A gate that was not passed. */
export const gateExample = {
  ...head,
  status: 'completed',
  progress: { rows_done: 2, rows_total: 2 },
  passed: false,
  reasons: ['urgency: recall 0 is below 0.9 (0 correct of 2 expected)'],
  fields: [{ path: 'urgency', candidate: score(0), present: score(2) }],
  overall: { candidate: score(0), present: score(2) },
  cost: { candidate: noCost, present: noCost, ratio: null },
  latency: {
    ...{ candidate: { median_ms: 41, p90_ms: 44 }, present: { median_ms: 40, p90_ms: 52 } },
    ratio: 1.025,
  },
  runs_failed: { candidate: 0, present: 0 },
  differences: [
    { row: 0, path: 'urgency', expected: 'moderate', got: null, present: 'right' },
    { row: 1, path: 'urgency', expected: 'immediate', got: null, present: 'right' },
  ],
  differences_total: 2,
  error: null,
  completed_at: '2026-03-01T11:05:04.250Z',
};

/** A gate that was cancelled. */
export const cancelledGateExample = {
  ...head,
  status: 'cancelled',
  progress: { rows_done: 1, rows_total: 2 },
  passed: null,
  ...{ reasons: [], fields: [], overall: null, cost: null, latency: null, runs_failed: null },
  ...{ differences: [], differences_total: 0, error: null, completed_at: '2026-03-01T11:05:01.000Z' },
};
