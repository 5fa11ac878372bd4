// Which texts can be stored and sent on as they are.

/** True for text without NUL characters and without unpaired surrogates: everything that every store and every wire can hold. */
export function isPlainText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
