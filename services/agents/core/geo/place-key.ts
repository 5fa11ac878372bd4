// The form in which names of places are compared. It is part of the file of places: what changes here asks for a new file.

import { normaliseName } from '../text/words.ts';

const letters: Readonly<Record<string, string>> = {
  đ: 'd',
  ð: 'd',
  ı: 'i',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ħ: 'h',
};
const words: Readonly<Record<string, string>> = {
  st: 'saint',
  ste: 'sainte',
  mt: 'mount',
  mtn: 'mountain',
  ft: 'fort',
};

/** The name in lower case, without accents and signs, with Saint, Mount and Fort written out and without a leading "the"; may be empty. */
export function placeKey(name: string): string {
  const plain = /^[\x20-\x7e]*$/.test(name)
    ? name
    : name.replace(/[đðıæœþħ]/giu, (letter) => letters[letter.toLowerCase()] ?? letter);
  const normalised = normaliseName(plain.replaceAll('&', ' and ').replace(/[ʻ‘`]/g, ''));
  const spelled = normalised.replace(/(?<![^ ])(?:ste?|mtn?|ft)(?= )/g, (word) => words[word] ?? word);
  return spelled.startsWith('the ') ? spelled.slice(4) : spelled;
}
