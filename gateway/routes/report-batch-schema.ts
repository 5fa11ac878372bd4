// Schemas and examples of batches: what a line holds, and what is answered for it.
import { linesOf, listOf, named, namedObject, oneOf, publicId, text } from '../core/answer-schema.ts';
import type { JsonSchema } from '../core/operation.ts';
import { toldSchema } from '../core/told-schema.ts';
import { lineStatuses } from './batch-line.ts';
import { newReportExample, reportExample } from './report-example.ts';
import { finishedReportSchema } from './report-import.ts';
import { newReportSchema } from './report-submission.ts';

const lineProperties = {
  line: { type: 'integer', minimum: 1, description: 'Number of the line, from 1' },
  status: {
    ...oneOf(lineStatuses),
    description:
      '`rejected` is yours to mend; a line that `failed` can be sent again; `existed` is a report that was there already',
  },
  incident_id: publicId('inc'),
  job_id: publicId('job'),
  replayed: { const: true, description: 'Where an earlier batch of the same Idempotency-Key had the line' },
  error: { ...text, description: 'A sentence, where nothing came of the line' },
  error_code: { ...text, pattern: '^ERR_[0-9]{3}$' },
  details: listOf({
    type: 'object',
    additionalProperties: false,
    required: ['field', 'reason'],
    properties: { field: text, reason: text },
  }),
};

/** The named schemas of batches. */
export const batchSchemas: readonly JsonSchema[] = [
  namedObject(['BatchLine', 'What became of a line of a batch'], lineProperties, [
    ...['incident_id', 'job_id', 'replayed', 'error', 'error_code', 'details'],
  ]),
  { $id: 'NewReport', description: 'A report to submit', ...toldSchema(newReportSchema) },
  {
    $id: 'FinishedReport',
    description: 'A report to store as it is, such as a line of an export: `text` or `raw_text` is needed',
    ...toldSchema(finishedReportSchema),
    additionalProperties: true,
  },
];

/** The body of a batch. */
export const batchSchema: JsonSchema = {
  ...linesOf({ anyOf: [named('NewReport'), named('FinishedReport')] }),
  description: 'A NewReport on each line; with `import=true` a FinishedReport',
};

/** The answer to a batch. */
export const batchAnswerSchema: JsonSchema = {
  ...linesOf(named('BatchLine')),
  description: 'A BatchLine for each line, in their order',
};

/** A body of two lines. */
export const batchExample = jsonLines([
  newReportExample,
  { domain_id: newReportExample.domain_id, text: 'The street lamp at the school flickers.' },
]);

const { incident_id, job_id } = reportExample;

/** The answer to two lines, of which the second is refused. */
export const batchAnswerExample = jsonLines([
  { line: 1, status: 'accepted', incident_id, job_id },
  {
    line: 2,
    status: 'rejected',
    error: 'text: is required',
    error_code: 'ERR_400',
    details: [{ field: 'text', reason: 'is required' }],
  },
]);

function jsonLines(values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
