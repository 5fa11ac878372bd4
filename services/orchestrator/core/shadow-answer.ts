// What a shadow run has answered: the flat merge of its agents' outputs, as a report would get it, and of a query beside that the reports that
// its agents rest on, as they named them.
import type { JsonObject } from '../../../foundation/json/json.ts';
import { stepsOfPath } from '../../../foundation/json/json-steps.ts';
import { givenReferences } from './compose-answer.ts';
import type { ExecutionKind } from './execution-kind.ts';
import type { ExecutionState } from './execution-state.ts';
import type { ShadowAnswer } from './gate.ts';
import { valueAt } from './gate-values.ts';
import { mergeIngestion } from './merge-ingestion.ts';

/** The key of the reports that a query rests on; an output of that name goes first. */
export const referencesKey = 'references';

/** What is kept of the answer of a run that has ended: its values at these paths. */
export function shadowAnswer(
  kind: ExecutionKind,
  state: ExecutionState,
  paths: readonly string[],
): ShadowAnswer {
  const { outcome, startedMs = 0, endedMs = startedMs, stoppedMs } = state;
  const isWritten = outcome?.succeeded || outcome?.partial;
  const { data } = mergeIngestion(state, 0);
  const references: JsonObject =
    kind === 'shadow_query' ? { [referencesKey]: [...new Set(givenReferences(state))] } : {};
  return {
    succeeded: outcome?.succeeded ?? false,
    error: outcome?.error ?? '',
    values: isWritten ? valuesAt({ ...references, ...data }, paths) : {},
    latencyMs: Math.max(0, endedMs - startedMs - stoppedMs),
  };
}

function valuesAt(output: JsonObject, paths: readonly string[]): JsonObject {
  const values: JsonObject = {};
  for (const path of paths) {
    const value = valueAt(output, stepsOfPath(path) ?? []);
    if (value !== undefined) values[path] = value;
  }
  return values;
}
