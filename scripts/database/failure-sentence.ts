// What a command says of an error: one text for people, without stack traces, and without any of the secrets that the command was given.
import { Fault } from '../../foundation/fault/fault.ts';
import { sqlState } from '../../foundation/postgres/database-fault.ts';
import { maskText } from '../../foundation/telemetry/masking.ts';

const statesOfNoSchema = new Set(['42P01', '3F000', '42703']);

/** The sentence of an error; every one of the secrets is blanked out, wherever it may stand. */
export function failureSentence(error: unknown, secrets: readonly string[] = []): string {
  const spellings = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);
  const hide = (text: string, secret: string): string =>
    secret === '' ? text : text.replaceAll(secret, '***');
  return spellings.reduce(hide, maskText(sentenceOf(error)));
}

function sentenceOf(error: unknown): string {
  if (error instanceof Fault) return faultSentence(error);
  // A connection that fails on every address is an AggregateError without a message of its own.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(sentenceOf).join('; ');
  if (!(error instanceof Error)) return String(error);
  const state = sqlState(error);
  if (state === undefined) return error.message;
  const hint = statesOfNoSchema.has(state) ? ': run db-init first' : '';
  return `${error.message} (SQLSTATE ${state})${hint}`;
}

function faultSentence({ message, violations }: Fault): string {
  if (violations.length === 0) return message;
  return violations.map(({ field, reason }) => `${field} ${reason}`).join('; ');
}
