// What a rule finds for one output key, and what rules look at. Types only.
import type { JsonObject, JsonValue, SkillAnswer, Span } from '../skill.ts';

/** A value, where it stands, and how sure it is. */
export interface FoundValue {
  readonly value: JsonValue;
  /** Empty when it was not read at one place of the text. */
  readonly spans: readonly Span[];
  /** From 0 to 1. */
  readonly confidence: number;
}

/** An output key to fill. */
export interface WantedKey {
  readonly key: string;
  readonly schema: JsonObject;
  /** Types that the schema allows; empty for any. */
  readonly types: readonly string[];
  /** The key's own words in lower case, `dead_line` and `deadLine` being two. */
  readonly words: readonly string[];
}

/** What is known of the input. */
export interface OfflineSource {
  readonly text: string;
  /** The job's input, and what other agents found under `<agent>_output`. */
  readonly input: JsonObject;
  /** What the builtin skills read in the text. */
  readonly geo: SkillAnswer;
  readonly time: SkillAnswer;
  readonly entity: SkillAnswer;
}

/** Fills a key; undefined when the rule does not know how. */
export type OfflineRule = (wanted: WantedKey, source: OfflineSource) => FoundValue | undefined;
