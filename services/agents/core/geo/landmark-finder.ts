// Finds parks, stations, schools and the like by the shape of their names in English text.

import type { Mention } from './mention.ts';
import { cuttingWords, genericNames, landmarkTypes } from './street-words.ts';

const namePattern = String.raw`(?:\p{Lu}[\p{L}\p{M}'’.-]*|of|the|de)`;
const landmarkPattern = new RegExp(
  `(?<![\\p{L}\\p{N}])(?<name>\\p{Lu}[\\p{L}\\p{M}'’.-]*(?:[ \\t]+${namePattern}){0,3})[ \\t]+(?<type>${landmarkTypes.join('|')})(?![\\p{L}\\p{N}])`,
  'gu',
);
const notAfter =
  /^[ \t]+(?:Dept|Department|Rangers?|Lot|Committee|Association|Street|St|Ave|Avenue|Road|Rd|Dr|Drive|Way|Lane|Ln)\b/;

/** Landmarks in text order: a capitalised name and a capitalised type, such as "Malcolm X Park". */
export function findLandmarks(text: string): Mention[] {
  return [...text.matchAll(landmarkPattern)].flatMap((match) => {
    const end = match.index + match[0].length;
    if (notAfter.test(text.slice(end))) return [];
    const name = match.groups?.name ?? '';
    const start = match.index + cutLength(name);
    const rest = text.slice(start, match.index + name.length).trim();
    if (rest === '' || rest.split(/\s+/).every((word) => isGeneric(word))) return [];
    const landmark = text.slice(start, end);
    return [
      { kind: 'landmark', start, end, text: landmark, label: landmark.replace(/\s+/g, ' '), sure: true },
    ];
  });
}

/** How much of the name is a sentence's beginning ("At The Warren Prescott") and not the name. */
function cutLength(name: string): number {
  let cut = 0;
  for (const word of name.matchAll(/\S+/g)) {
    const inner = /^(?:of|the|de)$/.test(word[0]) && cut < word.index;
    if (!inner && word[0] !== 'Public' && cuttingWords.has(word[0].toLowerCase()))
      cut = word.index + word[0].length;
  }
  return cut + (/^\s*/.exec(name.slice(cut))?.[0].length ?? 0);
}

function isGeneric(word: string): boolean {
  if (word === 'Public') return false;
  const lower = word.toLowerCase().replace(/\.$/, '');
  return genericNames.has(lower) || cuttingWords.has(lower);
}
