// Tells a text that only names a location ("5 km south of Wokha, Nagaland") from one that tells something about it.

const wordsMax = 30;
const tellingWord =
  /\b(?:is|are|was|were|be|been|has|have|had|will|would|can|could|should|must|do|does|did|please|i(?!-)|we|you|they|he|she|my|our|your|their|there|it|its|said|says|hit|caused|killed|need|needs|get|got|not|very|this|that|these|who|what|when|why|how|after|because|if|reported|flooded|damaged|blocked|collapsed|fell|broke)\b/i;
/** An abbreviation before a name is shorter: "Brgy. Namnam". */
const sentenceEnd = /[!?](?!\))|\p{Ll}{4}[.]\s+\p{Lu}\p{Ll}*\s+\p{Ll}+/u;
const namedShareMin = 0.25;

/** Whether the text is a location and nothing else, as in the field of a form. */
export function isLocationPhrase(text: string): boolean {
  const words = text.split(/\s+/).filter((word) => word !== '');
  if (
    words.length === 0 ||
    words.length > wordsMax ||
    tellingWord.test(text.replace(/\bU\.?S\.?\b/g, '')) ||
    sentenceEnd.test(text)
  )
    return false;
  const named = words.filter((word) => /^[("']?[\p{Lu}\d]/u.test(word)).length;
  return named / words.length >= namedShareMin;
}
