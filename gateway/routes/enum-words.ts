// Enum values of the protos as the lower-case words of the API, and back. The zero of an enum, not given, has no word.

/** A generated enum, which maps names to numbers and numbers to names. */
export type ProtoEnum = Readonly<Record<string, string | number>>;

/** The word of a value, or null for the zero and for values this version does not know. */
export function enumWord(words: ProtoEnum, value: number): string | null {
  const name = words[value];
  return value !== 0 && typeof name === 'string' ? name.toLowerCase() : null;
}

/** The words of an enum, for a schema. */
export function enumWords(words: ProtoEnum): readonly string[] {
  return Object.entries(words).flatMap(([name, value]) =>
    typeof value === 'number' && value !== 0 ? [name.toLowerCase()] : [],
  );
}

/** The value of a word that the schema has let through; 0, not given, for an absent one. */
export function enumValue(words: ProtoEnum, word: string | undefined): number {
  return Number(words[word?.toUpperCase() ?? ''] ?? 0);
}
