// How many tokens a text is likely to be, where nobody counted. Providers count by vocabularies of their own; this only has to be near.

/** UTF-8 bytes that make a token on average. */
const bytesPerToken = 4;

/** What an image counts for; providers charge between 85 and 1,600. */
const imageTokens = 1_600;

/** An estimate for text, never 0 for text that is not empty. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}

/** An estimate for images. */
export function estimateImageTokens(count: number): number {
  return count * imageTokens;
}
