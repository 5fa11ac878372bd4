// What an ingestion run writes into its report (SPEC S7.1): the flat merge of the agents' outputs, with the source of every value.
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import type { JsonObject, JsonValue } from '../../../foundation/json/json.ts';
import type { Span } from './agent-answer.ts';
import { type ExecutionState, taskOf } from './execution-state.ts';

/** Where one value comes from. */
export interface Provenance {
  readonly agentId: string;
  readonly agentVersion: number;
  readonly attempt: number;
  readonly runtime: string;
  readonly confidence: number;
  readonly spans: readonly Span[];
}

/** One agent's value for a key. */
export interface GivenValue {
  readonly agentId: string;
  readonly value: JsonValue;
}

/** A key that agents answered differently; the later one in plan order is kept. */
export interface Conflict {
  readonly key: string;
  readonly kept: GivenValue;
  readonly dropped: readonly GivenValue[];
}

/** Everything that an ingestion run writes. */
export interface IngestionOutcome {
  readonly data: JsonObject;
  readonly provenance: Readonly<Record<string, Provenance>>;
  readonly conflicts: readonly Conflict[];
  /** Mean over the agents that succeeded; absent when none did. */
  readonly confidence?: number;
  /** Empty when nothing is unclear. */
  readonly questions: readonly string[];
}

/** Below this mean confidence the reporter is asked. */
export const clarificationBelow = 0.6;

interface Given extends GivenValue {
  readonly provenance: Provenance;
}

/** Merges the outputs of the agents that succeeded; decisions of people are no data of the report. `textLength` is that of raw_text in UTF-16 code units; spans beyond it are dropped. */
export function mergeIngestion(state: ExecutionState, textLength: number): IngestionOutcome {
  const given = valuesInPlanOrder(state, textLength);
  const data: JsonObject = {};
  const provenance: Record<string, Provenance> = {};
  const conflicts: Conflict[] = [];
  for (const [key, values] of given) {
    const kept = values.at(-1);
    if (!kept) continue;
    data[key] = kept.value;
    provenance[key] = kept.provenance;
    const dropped = values.filter(({ value }) => canonicalJson(value) !== canonicalJson(kept.value));
    if (dropped.length > 0) conflicts.push({ key, kept: bare(kept), dropped: dropped.map(bare) });
  }
  const confidence = meanConfidence(state);
  const unclear = confidence !== undefined && confidence < clarificationBelow;
  return {
    data,
    provenance,
    conflicts,
    ...(confidence === undefined ? {} : { confidence }),
    questions: unclear ? clarificationQuestions(data, provenance) : [],
  };
}

function bare({ agentId, value }: Given): GivenValue {
  return { agentId, value };
}

function valuesInPlanOrder(state: ExecutionState, textLength: number): Map<string, Given[]> {
  const byKey = new Map<string, Given[]>();
  for (const task of state.plan.tasks) {
    const { answer, attempt } = taskOf(state, task.nodeId);
    if (!answer || task.approval) continue;
    const { agentId, agentVersion } = task;
    const { runtime, confidence } = answer;
    for (const [key, value] of Object.entries(answer.output)) {
      const spans = (answer.spans[key] ?? []).filter((span) => isInside(span, textLength));
      const provenance = { agentId, agentVersion, attempt, runtime, confidence, spans };
      byKey.set(key, [...(byKey.get(key) ?? []), { agentId, value, provenance }]);
    }
  }
  return byKey;
}

function isInside({ start, end }: Span, textLength: number): boolean {
  return Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= textLength;
}

function meanConfidence(state: ExecutionState): number | undefined {
  const given = state.tasks.flatMap(({ answer, planned }) =>
    answer && !planned.approval ? [answer.confidence] : [],
  );
  if (given.length === 0) return undefined;
  const mean = given.reduce((sum, each) => sum + each, 0) / given.length;
  return Math.round(mean * 1000) / 1000;
}

// The least certain of location, time and category is asked for first; what is certain is not asked for.
function clarificationQuestions(
  data: JsonObject,
  provenance: Readonly<Record<string, Provenance>>,
): string[] {
  const topics = [
    {
      key: 'geo_location',
      question: 'Where exactly is it? A street with its number, or a corner of two streets, helps.',
    },
    { key: 'timestamp', question: 'When did it happen, or since when has it been like this?' },
    { key: 'complaint_type', question: 'What kind of problem is it?' },
  ];
  return topics
    .map(({ key, question }) => ({ question, sure: key in data ? (provenance[key]?.confidence ?? 0) : 0 }))
    .filter(({ sure }) => sure < clarificationBelow)
    .sort((a, b) => a.sure - b.sure)
    .map(({ question }) => question);
}
