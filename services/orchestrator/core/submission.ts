// What a submission must be (SPEC S15). Fields are named as a REST caller knows them.
import type { Violation } from '../../../foundation/fault/fault.ts';

const textCharactersMax = 10_000;
const sourceCharactersMax = 50;
const questionCharactersMax = 1_000;
const imagesMax = 5;
const domainIdForm = /^[a-z][a-z0-9_]{0,49}$/;

/** A report as submitted. */
export interface IngestionSubmission {
  readonly domainId: string;
  readonly text: string;
  readonly source: string;
  readonly images: readonly string[];
}

/** What a question or command is sent for: an answer, or a change of reports. */
export type AskedMode = 'query' | 'management';

/** A question or a command as submitted. */
export interface QuestionSubmission {
  readonly domainId: string;
  readonly sessionId: string;
  readonly question: string;
  /** Undefined for one that is not known. */
  readonly mode: AskedMode | undefined;
}

/** Everything that is wrong with a report, except what its images are. */
export function checkIngestion({ domainId, text, source, images }: IngestionSubmission): Violation[] {
  return [
    ...checkDomainId(domainId),
    ...checkText('text', text, textCharactersMax),
    ...checkText('source', source, sourceCharactersMax),
    ...checkImageCount(images),
  ];
}

/** What is wrong with the number of images. What they are is known to the service that keeps them. */
export function checkImageCount(images: readonly string[]): Violation[] {
  if (images.length <= imagesMax) return [];
  return [{ field: 'images', reason: `must have at most ${imagesMax} entries, not ${images.length}` }];
}

/** Everything that is wrong with a question or a command. */
export function checkQuestion({ domainId, sessionId, question, mode }: QuestionSubmission): Violation[] {
  const session = sessionId === '' ? [{ field: 'session_id', reason: 'is required' }] : [];
  const known = mode === undefined ? [{ field: 'mode', reason: 'must be query or management' }] : [];
  return [
    ...session,
    ...checkDomainId(domainId),
    ...checkText('question', question, questionCharactersMax),
    ...known,
  ];
}

/** The most texts or questions of a sample. */
export const sampleMax = 100;
/** The most runs that are estimated. */
export const estimatedRunsMax = 1_000_000;

/** Runs to estimate, as they are asked for. */
export interface SampleSent {
  readonly domainId: string;
  /** Whether the runs fill reports, and so the sample is texts; else it is questions or commands. */
  readonly isIngestion: boolean;
  /** Empty for none. */
  readonly sample: readonly string[];
  /** 0 for none. */
  readonly count: number;
}

/** Everything that is wrong with a sample or a count. */
export function checkSample({ domainId, isIngestion, sample, count }: SampleSent): Violation[] {
  const charactersMax = isIngestion ? textCharactersMax : questionCharactersMax;
  const problems = [...checkDomainId(domainId)];
  if (sample.length > sampleMax) {
    problems.push({
      field: 'sample',
      reason: `must have at most ${sampleMax} entries, not ${sample.length}`,
    });
  }
  for (const [at, text] of sample.slice(0, sampleMax).entries()) {
    problems.push(...checkText(`sample[${at}]`, text, charactersMax));
  }
  if (count < 0 || count > estimatedRunsMax) {
    problems.push({ field: 'count', reason: `must lie between 1 and ${estimatedRunsMax}` });
  }
  if (sample.length > 0 === (count !== 0)) {
    problems.push({
      field: 'count',
      reason: 'is needed where there is no sample, and not allowed beside one',
    });
  }
  return problems;
}

function checkDomainId(domainId: string): Violation[] {
  if (domainIdForm.test(domainId)) return [];
  return [{ field: 'domain_id', reason: 'must be 1 to 50 of a-z, 0-9 and _, beginning with a letter' }];
}

// NUL and lone surrogates cannot be stored as text and are refused at the boundary.
function checkText(field: string, text: string, charactersMax: number): Violation[] {
  if (text.trim() === '') return [{ field, reason: 'must not be empty' }];
  const characters = [...text].length;
  const reasons = [
    ...(characters > charactersMax
      ? [`must have at most ${charactersMax} characters, not ${characters}`]
      : []),
    ...(text.includes('\0') || !text.isWellFormed() ? ['must not contain NUL or lone surrogates'] : []),
  ];
  return reasons.map((reason) => ({ field, reason }));
}
