// Keeps credentials out of what tools answer: a tool that repeats what it was proved with must not teach it to a model or a log.
import type { JsonValue } from '../core/skill.ts';

const placeholder = '[credential]';
const lengthMin = 6;

/** The text without these secrets, as they stand and as JSON writes them. Secrets of fewer than six characters stay: they are words. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const written = secrets
    .filter((secret) => secret.length >= lengthMin)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  // A secret inside another one would leave the rest of that one.
  const longestFirst = [...new Set(written)].sort((a, b) => b.length - a.length);
  return longestFirst.reduce((rest, secret) => rest.replaceAll(secret, placeholder), text);
}

/** The same for the texts of a JSON value, keys included. */
export function jsonWithoutSecrets(value: JsonValue, secrets: readonly string[]): JsonValue {
  return JSON.parse(withoutSecrets(JSON.stringify(value), secrets)) as JsonValue;
}
