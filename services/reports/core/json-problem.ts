// What neither DynamoDB nor PostgreSQL can keep of JSON: U+0000 and halves of surrogate pairs in texts, numbers out of range, too many levels.
import type { JsonValue } from '../../../foundation/json/json.ts';

/** Levels of lists and objects, one less than DynamoDB's 32, since the value is itself an attribute's. */
export const jsonDepthMax = 30;
const numberMax = 9.9e125;
const numberMin = 1e-130;

/** Why the value cannot be stored, as a sentence about a field, or undefined when it can. */
export function jsonProblem(value: JsonValue, depth = 0): string | undefined {
  if (typeof value === 'string') return textProblem(value);
  if (typeof value === 'number') return isStorable(value) ? undefined : 'holds a number out of range';
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth >= jsonDepthMax) return `must not be deeper than ${jsonDepthMax} levels`;
  const parts = Array.isArray(value) ? value : [...Object.keys(value), ...Object.values(value)];
  for (const part of parts) {
    const problem = jsonProblem(part, depth + 1);
    if (problem) return problem;
  }
  return undefined;
}

function textProblem(text: string): string | undefined {
  if (text.includes('\0')) return 'must not hold the character U+0000';
  return text.isWellFormed() ? undefined : 'must not hold half a surrogate pair';
}

function isStorable(value: number): boolean {
  const size = Math.abs(value);
  return size === 0 || (size >= numberMin && size <= numberMax);
}
