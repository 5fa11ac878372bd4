// The pieces of a word by which names of one country are told from those of another: three letters each, and its beginning and end. They
// are part of the file of places: what changes here asks for a new file.

const gramLetters = 3;
const affixLetters = 4;

/** Words shorter than this say nothing about their country. */
export const originLettersMin = 4;

/** The pieces of a word of `placeKey`'s letters, in no particular order; some may come twice. */
export function gramsOf(word: string): string[] {
  const bounded = `^${word}$`;
  const grams = [`^${word.slice(0, affixLetters)}^`, `$${word.slice(-affixLetters)}$`];
  for (let at = 0; at + gramLetters <= bounded.length; at += 1)
    grams.push(bounded.slice(at, at + gramLetters));
  return grams;
}
