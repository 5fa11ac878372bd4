// The result of a run as a query job keeps it, and how large it may be. The execution log is kept apart.
import type { Violation } from '../../../foundation/fault/fault.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { Reference } from './message.ts';

/** The outcome of a run without its log. */
export interface QueryResult {
  /** Empty when the run failed. */
  readonly summary: string;
  /** In plan order. */
  readonly answers: readonly Answer[];
  /** Undefined when no reference has a place. */
  readonly mapData: JsonObject | undefined;
  /** In order of first use. */
  readonly referencesUsed: readonly Reference[];
  readonly referencesRejected: readonly RejectedReference[];
  /** All verified references, also those that are not listed. */
  readonly referencesTotal: number;
  /** Ids of patches. */
  readonly patches: readonly string[];
  readonly cacheStats: CacheStats | undefined;
  /** Empty when the run did not fail. */
  readonly error: string;
}

/** What one agent says. */
export interface Answer {
  readonly agentId: string;
  readonly label: string;
  readonly text: string;
  readonly references: readonly string[];
}

/** An id that an agent gave and that names nothing. */
export interface RejectedReference {
  readonly referenceId: string;
  readonly agentId: string;
  readonly reason: string;
}

/** Counts of agents by where their output came from. */
export interface CacheStats {
  readonly cachedAgents: number;
  readonly executedAgents: number;
  readonly totalAgents: number;
}

/** Entries of an execution log, in order of time. */
export type ExecutionLog = readonly JsonObject[];

/** Largest result together with the assistant's message, in bytes of JSON; the log is not part of it. */
export const resultBytesMax = 350 * 1024;
/** Largest execution log, in bytes of JSON. */
export const logBytesMax = 32 * 1024 * 1024;
/** What is too large in an outcome. */
export function outcomeSizeViolations(
  result: QueryResult,
  { log, content }: { readonly log: ExecutionLog; readonly content: string },
): Violation[] {
  const violations: Violation[] = [];
  if (jsonBytes({ result, content }) > resultBytesMax)
    violations.push({ field: 'result', reason: `has more than ${resultBytesMax} bytes` });
  if (jsonBytes(log) > logBytesMax)
    violations.push({ field: 'result.execution_log', reason: `has more than ${logBytesMax} bytes` });
  return violations;
}

function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
