// Says on the terminal why a process could not start. What is understood is said in sentences; only a bug, and a module that is missing, shows a stack trace.
import { ConfigError } from '../config/reader.ts';
import { Fault } from '../fault/fault.ts';
import { isErrorLike } from '../telemetry/error-shape.ts';
import { maskText } from '../telemetry/masking.ts';
import { missingModuleOf } from '../telemetry/missing-module.ts';

/** The exit code of a process whose configuration is wrong (EX_CONFIG of sysexits.h): starting it again will not help. */
export const configExitCode = 78;
/** How many causes below an error are told. */
export const causesToldMax = 5;

/** The exit code for a failed start: `configExitCode` for a ConfigError, else 1. */
export function startExitCode(error: unknown): number {
  return error instanceof ConfigError ? configExitCode : 1;
}

/** Plain text without a trailing line break: the sentence, one line per violation and per cause. Secrets are masked. */
export function describeStartProblem(name: string, error: unknown): string {
  const lines = [`${name} could not start: ${sentenceOf(error)}`];
  if (error instanceof Fault) lines.push(...violationLines(error));
  lines.push(...causeLines(error));
  const missing = missingModuleOf(error);
  if (missing) lines.push(`  ${missing.module} was looked for in: ${missing.searchPath.join(', ')}`);
  if (!isUnderstood(error) && isErrorLike(error) && error.stack) lines.push(error.stack);
  return maskText(lines.join('\n'));
}

function violationLines(fault: Fault): string[] {
  return fault.violations.length > 1
    ? fault.violations.map(({ field, reason }) => `  ${field}: ${reason}`)
    : [];
}

function causeLines(error: unknown): string[] {
  const lines: string[] = [];
  let cause = isErrorLike(error) ? error.cause : undefined;
  while (cause !== undefined && lines.length < causesToldMax) {
    lines.push(`  because: ${sentenceOf(cause)}`);
    cause = isErrorLike(cause) ? cause.cause : undefined;
  }
  return lines;
}

// A connection that fails on every address is an AggregateError without a message of its own.
function sentenceOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(sentenceOf).join('; ');
  return isErrorLike(error) ? error.message : String(error);
}

// Faults and ConfigErrors are written for readers, and errors with a code (EADDRINUSE, 28P01) come from the system or the database.
function isUnderstood(error: unknown): boolean {
  if (error instanceof Fault || error instanceof ConfigError) return true;
  if (missingModuleOf(error)) return false;
  return isErrorLike(error) && 'code' in error && typeof error.code === 'string';
}
