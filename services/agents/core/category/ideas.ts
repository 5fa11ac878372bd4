// Words that mean nearly the same in reports about streets. A model that counts ideas beside words learns from "motorists never yield"
// what "drivers do not stop" is about, though it saw only one of them. A word of no idea is left to the model's own counts.

import { stemOf } from './tokens.ts';

/** Words by the idea that they stand for, in any of their forms. */
const wordsByIdea: Readonly<Record<string, string>> = {
  walker: 'pedestrian pedestrians ped peds walker walkers people person folks runner runners jogger joggers',
  weak: 'child children kid kids student students school elderly senior seniors disabled blind stroller strollers wheelchair wheelchairs',
  car: 'car vehicle driver drivers motorist motorists auto automobile traffic commuter',
  truck: 'truck van delivery deliveries ups fedex loading unload unloading trailer',
  cab: 'cab cabs taxi taxis uber lyft valet livery',
  bus: 'bus buses metrobus shuttle transit trolley streetcar',
  bike: 'bike bikes biker bicycle bicycles bicyclist cyclist cyclists cycling biking riding rider',
  fast: 'speed speeding speeds speeders fast faster race racing racetrack fly flying zoom zooming mph barrel barreling gun gunning accelerate highway speedway',
  calm: 'hump humps bump calming camera cameras enforcement enforce police radar ticket',
  stop: 'stop stops stopping stopped halt rolling',
  yield: 'yield yields yielding yielded',
  deny: 'not no never none dont doesnt wont cant cannot rarely seldom hardly without ignore ignores ignoring refuse fail fails failing failure lack lacking disregard disregards missing nobody',
  red: 'red yellow amber',
  green: 'green',
  light: 'light lights signal signals stoplight',
  sign: 'sign signs signage marked marking markings paint painted repaint stripe striping faded worn',
  run: 'run runs running ran blow blows blowing blew through jump jumping',
  see: 'see seeing visible visibility sight sightline sightlines view views blind obstruct obstructs obstructed obstructing obscure obscured hidden invisible',
  dark: 'dark darkness lit unlit lighting streetlight streetlights lamp night nighttime dim',
  plant: 'tree trees bush bushes hedge hedges overgrown branch branches shrubs vegetation',
  cross: 'cross crossing crosses crossed',
  crosswalk: 'crosswalk crosswalks zebra',
  wait: 'wait waits waiting waited forever minutes minute delay delayed patience impatient',
  button: 'button buttons beg press pressing push pushing actuated',
  walk: 'walk walking phase cycle countdown timer timing',
  time: 'time second seconds short shorter enough brief quick',
  turn: 'turn turns turning turned left right',
  lane: 'lane lanes path paths cycletrack track buffer buffered protected sharrow sharrows bikebox',
  parked: 'park parked parking parks double doubleparked stopping standing idling',
  block: 'block blocks blocked blocking box gridlock stuck',
  surface:
    'pothole potholes pavement pave paved repave bumpy crack cracks cracked uneven asphalt surface rut ruts hole holes patch brick bricks rough grate grates',
  sidewalk: 'sidewalk sidewalks curb curbs ramp ramps walkway footpath',
  wide: 'wide wider width distance far long huge',
  narrow: 'narrow narrower tight squeeze merge merging merges',
  snow: 'snow ice icy shovel shoveled shovelled unshoveled plow plowed slush salt',
  old: 'abandoned months weeks moved plates plate registration expired inspection sticker unregistered flat tires',
  illegal: 'illegal illegally permit tow towed hydrant driveway resident fire handicap',
  jaywalk: 'jaywalk jaywalking jaywalkers jaywalker midblock dart darting wander',
  median: 'median island refuge bumpout bumpouts bulbout extension',
  danger:
    'danger dangerous unsafe hazard hazardous scary deadly risk accident accidents crash crashes hit killed injured',
  make: 'add install need needs needed should improve build create extend',
};

const ideaByStem: ReadonlyMap<string, string> = new Map(
  Object.entries(wordsByIdea).flatMap(([idea, words]) =>
    words.split(' ').map((word) => [stemOf(word), idea]),
  ),
);

/** The idea of a stem; undefined for the many that stand for none. "n't" at the end of any word denies. */
export function ideaOf(stem: string): string | undefined {
  return ideaByStem.get(stem) ?? (stem.endsWith("n't") ? 'deny' : undefined);
}

/** Ideas that hardly any text but a report about streets has. */
const streetIdeas: ReadonlySet<string> = new Set(
  'walker car truck cab bus bike crosswalk cross sidewalk lane parked surface snow plant illegal jaywalk median sign yield'.split(
    ' ',
  ),
);
const streetWords =
  /^(?:street|road|roadway|avenue|ave|st|intersection|corner|city|block|neighborhood|trash|garbage|recycling|litter|bags?|alley|yard|house|building|park|neighbors?|residents?|pedestrian|rats?|rodents?|graffiti|hydrants?|drains?|bridge|highway|river|hail|landslides?|mudslides?|storm|trees?)$/;

/** Whether a lower-case word speaks of streets and what is found there. */
export function isStreetWord(word: string): boolean {
  return streetWords.test(word) || streetIdeas.has(ideaByStem.get(stemOf(word)) ?? '');
}
