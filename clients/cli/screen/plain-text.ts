// Text from elsewhere, made harmless for a terminal: what steers it is shown instead of obeyed.

/** Control characters but the line break, and those that turn the direction of writing. */
const steering = /(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** The text without control characters but line breaks; each is replaced by a visible stand-in. */
export function plainText(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(steering, standIn);
}

/** The text on one line. */
export function onOneLine(text: string): string {
  return plainText(text).replaceAll(/\s+/g, ' ').trim();
}

/** At most `length` characters, with an ellipsis for what is cut. */
export function cut(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, Math.max(0, length - 1)).join('')}…`;
}

/** How many characters a terminal shows; wide ones count as one. */
export function lengthOf(text: string): number {
  return [...text].length;
}

function standIn(character: string): string {
  return character === '\t' ? ' ' : '\ufffd';
}
