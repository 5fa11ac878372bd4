// What a skill hands back: flat output, why, how sure, and where in the text each value stands. It runs nothing itself.

/** Any JSON value. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object; a key that is absent is left out, never `undefined`. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** A half-open range of a text in UTF-16 code units: `text.slice(start, end)`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The most reports that one answer may cite. */
export const referencesMax = 50;

/** The result of one skill on one input. */
export interface SkillAnswer {
  /** At most 5 keys; a key without a value is absent. */
  readonly output: JsonObject;
  /** One to a few plain sentences on how the output came about. */
  readonly reasoning: string;
  /** 0 (a guess) to 1 (certain). */
  readonly confidence: number;
  /** For an output key that comes from the text: where. A key that does not come from it is absent. */
  readonly spans: Readonly<Record<string, readonly Span[]>>;
  /**
   * Ids of the reports that the answer rests on, most relevant first, at most `referencesMax`; empty for ingestion. A command that means
   * more reports tells more, so that it is refused instead of changing some of them.
   */
  readonly references: readonly string[];
}

/** A confidence kept within 0..1 and rounded to two digits, so that equal evidence gives equal bytes. */
export function confidenceOf(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 100) / 100;
}
