// The labelled questions of the file beside it. It reads them and judges nothing.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Truth } from './truth.for-test.ts';

/** A question with what a right answer says; README.md here describes the fields. */
export interface LabelledQuestion {
  readonly class: string;
  readonly ask: string;
  /** Earlier questions of the session, the newest last. */
  readonly earlier?: readonly string[];
  /** Reference time; absent for that of all others. */
  readonly now?: string;
  /** IANA name; absent for Boston's. */
  readonly zone?: string;
  /** Which reports are meant; absent where only words are judged. */
  readonly truth?: Truth;
  /** How many these are. */
  readonly count?: number;
  /** Words of the answers, by who, what, where, when, why, how. */
  readonly says?: Readonly<Record<string, string>>;
  /** Whether the answers must say that the question cannot be followed. */
  readonly unclear?: boolean;
  /** Whether no report is about it. */
  readonly none?: boolean;
}

/** All questions, in the order of the file. */
export async function readQuestions(): Promise<readonly LabelledQuestion[]> {
  const text = await readFile(fileURLToPath(new URL('questions.jsonl', import.meta.url)), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LabelledQuestion);
}
