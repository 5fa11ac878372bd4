// Texts made short enough for where they are shown.

/** The text on one line, at most so many characters, the last of them an ellipsis where something was left out. */
export function cutText(text: string, charactersMax: number): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  if (flat.length <= charactersMax) return flat;
  const kept = flat.slice(0, charactersMax - 1).toWellFormed();
  return `${kept.trimEnd()}…`;
}
