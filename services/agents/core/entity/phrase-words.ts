// Words that decide what a key phrase may be made of. Lists only; `key-phrases.ts` reads them.

import { assetNames } from './asset-words.ts';

/** Things of the town in singular and plural, each a phrase that a dispatcher would mark. */
export const assetPhrases: ReadonlySet<string> = new Set(assetNames.flatMap(bothNumbers));

/** Words of those names that are mostly something else. */
const ambiguous: ReadonlySet<string> = new Set(
  words('cover covers can park yield stop bus fire walk trash street water gas speed storm spot line lot'),
);

/** The words in those phrases, and words that name things here though a tagger often takes them for verbs. */
export const assetWords: ReadonlySet<string> = new Set(
  [
    ...assetNames.flatMap((name) => name.split(' ')).filter((word) => !ambiguous.has(word)),
    ...words(
      `light sign signal lane ramp lamp pole hydrant hole drain sidewalk crosswalk streetlight walkway stairs step railing barrier barrel bin cart
       dumpster truck van playground path exit door entrance signage bollard meter shelter lid basement roof balcony`,
    ),
  ].flatMap(bothNumbers),
);

/** What is the matter, as a noun; such a word is a phrase even alone. */
export const matterWords: ReadonlySet<string> = new Set(
  words(
    `noise music smell odor odour stench smoke fire gas leak flood flooding water sewage ice snow trash garbage rubbish litter debris waste
     recycling graffiti needle needles syringe syringes rat rats rodents mice roaches mold asbestos pothole potholes sinkhole crack cracks damage
     accident accidents crash collision speeding parking jaywalking towing fireworks vandalism dumping construction outage power hail tornado
     wind gust gusts storm landslide mudslide boulders tree trees branch branches limb limbs glass mattress mattresses furniture sofa couch weeds
     bricks dust fumes oil spill excrement feces poop urine pests pest bedbugs carcass dogs dog wires wire backups congestion traffic excavation
     barking shouting swastikas jackhammer generator machinery plane planes airplane airplanes helicopter tornados hydrant scooter scooters`,
  ),
);

/** What state a thing is in: belongs to its name though a tagger may take it for a verb. */
export const stateWords: ReadonlySet<string> = new Set(
  words(
    `broken clogged blocked leaking overflowing missing dead fallen downed damaged loose cracked unshoveled uncleared abandoned burnt shattered
     flooded used dumped parked rusted faded exposed hanging leaning uneven overgrown sunken raised clear flashing rotting stagnant standing
     burning screaming barking blinking fading peeling sinking rising running speeding turning resident spray painted unplowed uncollected`,
  ),
);

/** Measures and containers that join what they hold with "of": "sheet of ice", "smell of gas". */
export const holdingWords: ReadonlySet<string> = new Set(
  words(
    `sheet layer pile piles smell odor odour stench puddle pool patch bag bags heap mound stack stream cloud lack risk absence department school
     institute university`,
  ),
);

/** Nouns that say nothing alone, at either end of a phrase. */
export const emptyNouns: ReadonlySet<string> = new Set(
  words(
    `thing things way lot lots one ones people person persons someone time times day days week weeks month months year years hour hours minute minutes
     second seconds am pm noon today yesterday tomorrow tonight morning afternoon evening night nights weekend weekends rush while moment period
     side sides front back area areas place places spot spots part parts end middle top bottom rear edge section stretch direction location site
     hi hello thanks thank please problem problems issue issues question questions nature details detail type exact kind bit couple number
     numbers case cases report reports request requests help everyone anyone somebody nobody everything anything nothing something here there reason
     reasons fact street streets road roads corner block blocks city town county color model make mr mrs ms dr asap other others many much such
     same own few several more most last next old big huge small little good bad great nice entire whole various very really actual additional
     sense looks look head photo picture pic driving basis ability ton mistake job fail must work works need needs past row rest cut eye jus owned
     app exact spotter reported note response resolution call calls announcement expense impunity challenge option chance chances manner order use
     advance half level flow half-way hardship excuse pain attention failing failings tenant tenants landlord landlords neighbor neighbors neighbour neighbours resident residents schedule matter situation situations effect point points feet foot inch inches mile
     miles mph db vicinity base size sized name idea example opinion view care guys guy everybody anybody total list purpose course stuff word
     lots today wait conditions condition phone plus min order public anytime multiple trained observer update info information regard
     success result results amount regards speed's bit impact presence account concern concerns ongoing constant frequent regular early late
     long short high low full available possible difficult easy similar certain sure only first second third able regularly left right numerous scores chunks everynight remove standard each center centre southern northern eastern western north south east west`,
  ),
);

function words(list: string): string[] {
  return list.split(/\s+/).filter((word) => word !== '');
}

function bothNumbers(name: string): string[] {
  return [name, `${name}s`];
}
