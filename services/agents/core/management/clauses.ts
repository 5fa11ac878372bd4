// Takes a command apart into its parts, each with at most one thing to do. What stands behind the colon of a note stays whole.
import { detailNames, openingWords, politeness, trailingCourtesy } from './command-words.ts';

/** The most characters of a command that are read. */
const commandLengthMax = 1_000;

const noteHead = /^(?<head>[^:]*\b(?:note|comment|remark)s?\b[^:]*:)(?<text>.*)$/is;
const boundary = new RegExp(
  [
    '\\s*[;\\n]+\\s*',
    // A full stop behind "St" or "Ave" ends no sentence.
    '(?<!\\b(?:st|ave|av|rd|dr|blvd|ln|pl|ct|sq|mr|mrs|ms|no|dept))\\.\\s+(?=[\\p{Lu}"\'])',
    '[!?]+\\s+',
    `,?\\s+(?:and|then|also|plus|but)(?:\\s+(?:then|also|please))*\\s+(?=(?:${openingWords})\\b)`,
    `,\\s*(?:then\\s+|also\\s+|please\\s+)*(?=(?:${openingWords})\\b)`,
    `,?\\s+and\\s+(?=(?:(?:the|its|their)\\s+)?(?:${detailNames})\\s+(?:(?:of|for)\\s+[^,]+?\\s+)?(?:to|as)\\s)`,
    ',?\\s+(?:and|then)\\s+(?=(?:it|they|these|this)\\s+(?:is|are|has|have)\\b)',
  ].join('|'),
  'giu',
);

/** The parts in order, without politeness around them; none is empty. */
export function clausesOf(command: string): string[] {
  const plain = command
    .slice(0, commandLengthMax)
    .replace(/[“”]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/[^\S\n]+/g, ' ')
    .trim();
  const { head = plain, text = '' } = noteHead.exec(plain)?.groups ?? {};
  const parts = head.split(boundary);
  const last = parts.pop() ?? '';
  const plainParts = text === '' ? [...parts, last] : parts;
  const clauses = plainParts.map((part) => withoutPoliteness(part).replace(trailingCourtesy, '').trim());
  return [...clauses, ...(text === '' ? [] : [withoutPoliteness(last + text)])].filter(
    (clause) => clause !== '',
  );
}

function withoutPoliteness(clause: string): string {
  return clause
    .trim()
    .replace(politeness, '')
    .replace(/[.!?]+$/, '')
    .trim();
}
