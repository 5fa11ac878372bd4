// The rules that a report must keep to be stored: what is in a submission, what a run may add, how large it may become.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { idOfPrefixed, idTimeMs, isUuid } from '../../../foundation/ids/ids.ts';
import type { IngestionOutcome } from './apply-ingestion.ts';
import { jsonProblem } from './json-problem.ts';
import {
  documentBytesMax,
  incidentIdPrefix,
  type Report,
  rawTextLengthMax,
  type Submission,
  wordLengthMax,
} from './report.ts';

const domainIdForm = /^[a-z][a-z0-9_]{0,49}$/;
const confidenceMax = 1;

/** True for the form of a domain's id. */
export function isDomainId(text: string): boolean {
  return domainIdForm.test(text);
}

/** True for the form of a report's public id. */
export function isIncidentId(text: string): boolean {
  return idOfPrefixed(incidentIdPrefix, text) !== undefined;
}

/** Every broken rule of a submission. */
export function submissionProblems(submission: Submission): readonly Violation[] {
  const { id, domainId, rawText, source, jobId } = submission;
  const length = [...rawText].length;
  return violations([
    ['id', isUuid(id) && idTimeMs(id) > 0 && id[14] === '7', 'must be a UUIDv7'],
    ['domain_id', isDomainId(domainId), 'must be 1 to 50 of a-z, 0-9 and _, beginning with a letter'],
    ['raw_text', length >= 1 && length <= rawTextLengthMax, `must have 1 to ${rawTextLengthMax} characters`],
    ['raw_text', !rawText.includes('\0'), 'must not hold the character U+0000'],
    ['source', isWord(source), `must have 1 to ${wordLengthMax} characters, none of them U+0000`],
    ['job_id', isJobId(jobId), 'must be the id of an execution'],
  ]);
}

/** Every broken rule of an outcome. */
export function outcomeProblems(outcome: IngestionOutcome): readonly Violation[] {
  const { jobId, findings, confidence, clarificationQuestions, error } = outcome;
  const problem = findings && jsonProblem(findings.ingestionData);
  const inRange = confidence === undefined || (confidence >= 0 && confidence <= confidenceMax);
  const texts = [error, ...clarificationQuestions];
  return [
    ...violations([
      ['job_id', isJobId(jobId), 'must be the id of an execution'],
      ['confidence', inRange, 'must be between 0 and 1'],
      ['error', !texts.some((text) => text.includes('\0')), 'must not hold the character U+0000'],
    ]),
    ...(problem ? [{ field: 'ingestion_data', reason: problem }] : []),
  ];
}

/** The violation of a document that has grown too large. `field` is what made it so. */
export function sizeProblems(report: Report, field: string): readonly Violation[] {
  const { outbox: _outbox, ...document } = report;
  const bytes = Buffer.byteLength(JSON.stringify(document));
  const reason = `makes the document ${bytes} bytes large; ${documentBytesMax} are allowed`;
  return violations([[field, bytes <= documentBytesMax, reason]]);
}

/** Every field, by its name, that does not hold the id of an execution. */
export function jobIdProblems(fields: Readonly<Record<string, string>>): readonly Violation[] {
  return violations(
    Object.entries(fields).map(([name, jobId]) => [name, isJobId(jobId), 'must be the id of an execution']),
  );
}

function isJobId(text: string): boolean {
  return idOfPrefixed('job_', text) !== undefined;
}

/** True for a text that can be a source or a status. */
export function isWord(text: string): boolean {
  return (
    text.length >= 1 &&
    text.length <= wordLengthMax * 2 &&
    [...text].length <= wordLengthMax &&
    jsonProblem(text) === undefined
  );
}

function violations(rules: readonly (readonly [string, boolean, string])[]): Violation[] {
  return rules.filter(([, holds]) => !holds).map(([field, , reason]) => ({ field, reason }));
}
