// Bodies that a text names by their letters: MBTA, BPD, FAA.

import type { Span } from '../skill.ts';
import type { TaggedWord } from './tagger.ts';

const acronymPattern = /^[A-Z]{2,6}s?$/;
const notOrganizations = new Set(
  `ASAP FYI PLEASE AM PM SUV TV ID OK USA US UK ADA LED NOT NO ALL THE AND BUT FOR ON IN IS IT WE OUR ARE HAS THIS THAT NOW STOP VERY DO CAN
   YOU THEY MUST EVERY OUT OFF GOING LOUD FIX NEED HELP HUGE BAD ICE SNOW CAR CARS RED SW NW NE SE ST AVE RD FED OFFICE STREET CITY TRASH
   NEVER STILL DAY WAS WHEN WHY HOW WHAT WHO NOISE OR TO OF AT BY AS IF SO MY ME HE GPS CCTV DIY RV MA NY DC VA MD CRM AC EV MPH HOV TOW
   ZONE SIGN NEW OLD MORE MOST BIG USED ONE TWO LONG RIGHT LEFT NICE SAME WAY ROAD THERE`.split(/\s+/),
);

/** The words that the tagger takes for acronyms, without abbreviations of other things and words that are only written large. */
export function findAcronyms(sentences: readonly (readonly TaggedWord[])[]): Span[] {
  return sentences
    .flat()
    .filter(
      ({ text, tags }) => acronymPattern.test(text) && tags.has('Acronym') && !notOrganizations.has(text),
    );
}
