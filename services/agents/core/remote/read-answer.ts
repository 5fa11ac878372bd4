// Reads what a model or a worker wrote as an answer: the JSON in it, its parts with their defaults, and what is wrong. Nothing of the text itself
// leaves it but what the schema lets through.
import { isJsonObject } from '../../../../foundation/json/json.ts';
import { jsonDepth } from '../../../../foundation/json/json-depth.ts';
import type { OutputCheck } from '../../../../foundation/json/output-check.ts';
import { confidenceOf, type JsonObject, type JsonValue, referencesMax, type SkillAnswer } from '../skill.ts';
import { readSpans } from './read-spans.ts';

/** What a model wrote, and what it was to write. */
export interface WrittenAnswer {
  readonly text: string;
  readonly outputSchema: JsonObject;
  /** What the spans of the answer are places of. */
  readonly sourceText: string;
  /** Ids of the reports that it was shown, by their number from 1. */
  readonly shownIds: readonly string[];
  /** The most references that are kept; absent for all. */
  readonly referencesKept?: number;
}

/** An answer, or everything that is wrong with it, as sentences that hold nothing of the text. */
export type ReadAnswer = { readonly answer: SkillAnswer } | { readonly problems: readonly string[] };

/** Confidence of an answer that names none. */
export const confidenceDefault = 0.8;

/** Reasoning of an answer that gives none. */
export const reasoningDefault = 'The model gave no reasons for its answer.';

/** Longest reasoning that is kept, in characters. */
const reasoningLengthMax = 4_000;

/** How deep an answer may be nested. */
const depthMax = 32;

/** The most entries of `references` that are looked at. */
const referencesReadMax = 1_000;

/** Reads an answer. */
export function readAnswer({ text, ...written }: WrittenAnswer, outputs: OutputCheck): ReadAnswer {
  const envelope = writtenObject(text);
  return typeof envelope === 'string' ? { problems: [envelope] } : readEnvelope(envelope, written, outputs);
}

/** Reads an answer whose JSON is known. */
export function readEnvelope(
  envelope: JsonObject,
  written: Omit<WrittenAnswer, 'text'>,
  outputs: OutputCheck,
): ReadAnswer {
  const output = isJsonObject(envelope.output) ? envelope.output : envelope;
  const problems = outputs.problemsOf(output, written.outputSchema).map((problem) => `output: ${problem}`);
  if (problems.length > 0) return { problems };
  const answer = {
    output,
    reasoning: reasoningOf(envelope, output),
    confidence: confidenceIn(envelope.confidence) ?? confidenceIn(output.confidence) ?? confidenceDefault,
    references: referencesOf(envelope.references, written),
    spans: readSpans(envelope.spans, { output, text: written.sourceText }),
  };
  return { answer };
}

/** The JSON object that a text is, without a code fence around it; or a sentence on what is wrong. */
export function writtenObject(text: string): JsonObject | string {
  const value = parsed(withoutFence(text));
  if (value === undefined) return 'it is not JSON';
  if (!isJsonObject(value)) return 'it is not a JSON object';
  return jsonDepth(value) > depthMax ? `it is nested deeper than ${depthMax}` : value;
}

// No expression reads a part of the text twice: whoever wrote it chose it, and there may be a megabyte of it.
function withoutFence(text: string): string {
  const trimmed = text.trim();
  const [opening] = /^```[\w-]*[^\S\n]*\n/.exec(trimmed) ?? [];
  return opening !== undefined && trimmed.endsWith('```') ? trimmed.slice(opening.length, -3) : text;
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function reasoningOf({ reasoning }: JsonObject, output: JsonObject): string {
  const given = [reasoning, output.reasoning].find((each) => typeof each === 'string' && each.trim() !== '');
  return typeof given === 'string' ? given.slice(0, reasoningLengthMax) : reasoningDefault;
}

function confidenceIn(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= 1 ? confidenceOf(value) : undefined;
}

/** Ids as they were given, numbers of shown reports as their ids, each once. Whether they exist is checked by the platform. */
function referencesOf(value: JsonValue | undefined, written: Omit<WrittenAnswer, 'text'>): string[] {
  const { shownIds, referencesKept = Number.POSITIVE_INFINITY } = written;
  if (!Array.isArray(value)) return [];
  const ids = value.slice(0, referencesReadMax).flatMap((each: JsonValue) => idOf(each, shownIds));
  return [...new Set(ids)].slice(0, referencesKept);
}

function idOf(value: JsonValue, shownIds: readonly string[]): string[] {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '';
  const number = /^\[?#?(\d{1,3})\]?$/.exec(text)?.[1];
  if (number === undefined) return text === '' || text.length > 200 ? [] : [text];
  const id = shownIds[Number(number) - 1];
  return id === undefined ? [] : [id];
}

/** What a task's answer may cite: what is more is left out, unless a command means it, which then is refused for being too many. */
export function referencesKeptFor(capability: string): number | undefined {
  return capability === 'management' ? undefined : referencesMax;
}
