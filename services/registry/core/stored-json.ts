// Whether a JSON value can be stored as it is: its size, its depth, and texts that the database can hold. What it says is not its business.
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import type { JsonValue } from '../../../foundation/json/json.ts';
import { jsonDepth } from '../../../foundation/json/json-depth.ts';
import { notPlainText } from '../../../foundation/json/plain-text.ts';

/** How deep a stored value may be nested. */
export const storedDepthMax = 32;

/** What is wrong with a value, as a sentence; undefined when it can be stored. Its size counts as canonical JSON in UTF-8. */
export function storedJsonProblem(value: JsonValue, kilobytesMax: number): string | undefined {
  if (jsonDepth(value) > storedDepthMax) return `must be nested at most ${storedDepthMax} deep`;
  const text = canonicalJson(value);
  if (Buffer.byteLength(text) > kilobytesMax * 1024) return `must have at most ${kilobytesMax} KB as JSON`;
  const unsound = /\\u(?:0000|d[89a-f])/.test(text.replaceAll('\\\\', '')); // JSON writes them with escapes, and only them
  return unsound ? notPlainText : undefined;
}
