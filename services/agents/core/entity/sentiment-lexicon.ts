// How words of complaints depart from the general lexicon of the sentiment model: courtesy and street vocabulary say nothing about
// feelings, and what people complain about does.

/** Valences −4..4 by lower-case word; 0 takes the lexicon's away. */
export const complaintScores: Readonly<Record<string, number>> = Object.assign(
  Object.create(null) as Record<string, number>,
  score(
    0,
    `please like no stop stopping stops cut thank thanks work working works help clean fire big huge clear cleared clearly straight want top
     safe safely safety safer protected legal legally growing backed backs free stand stands solid strong secure care peace responsible
     reach pretty pay allow significant ensure increase chance approved resolve resolution solution calming quality agree alive
     accept share shared support matter matters yes dear united natural fine apologies block drop medal hard number alarm leave
     avoid ignore poverty spark sparks interest interested join justice cover attracting attract opportunity advantages better best
     trust hope active hopefully great-grand limited homeless waste garbage ability`,
  ),
  score(
    -1,
    `trash debris litter noise noisy loud faded cracked crack dark smell smells speeding speed rusted weeds overgrown unshoveled parked
     backup slow uneven peeling leaning confusing delay delayed missing blocked blocking blocks bumpy impassable`,
  ),
  score(
    -2,
    `pothole potholes leaking leaks leak overflowing overflow rats rat rodents rodent mice roaches needles needle syringes flooding flooded
     flood sewage stench stinks stink broken clogged unplowed uncollected dumping dumped illegally illegal trespassing vandalized graffiti
     sinkhole unsanitary odor loose blind careless reckless recklessly honking blaring abandoned damaged collapse collapsed`,
  ),
  score(
    -3,
    'nightmare disgrace eyesore infested ridiculous unbearable deafening disgusting unconscionable intolerable worthless furious',
  ),
  score(3, 'kudos appreciate appreciated grateful wonderful responsive'),
);

/**
 * Wordings that praise: thanks count only with what they thank for and what is done ("thank you for fixing"), never with what is asked for
 * ("thank you for your attention"). A pattern on the whole text.
 */
export const praisePattern = new RegExp(
  `\\b(?:${[
    'thank(?:s| you)(?: all| so much| very much)?(?: to| for (?:the (?:\\w+ )?(?:quick|great|prompt|fast|speedy|good|nice|new|swift)|the (?:fix|repair|help)\\b|(?:so )?(?:quickly|promptly) |fixing (?!this)|your (?:quick|great|prompt|help\\b|service|hard)|(?:cleaning|repairing|repaving|replacing|plowing|removing|clearing|all)\\b))',
    '(?<!not a )(?<!not )(?:great|good|nice|excellent|amazing|fantastic|awesome|wonderful|outstanding|super|terrific|fabulous|wonderful) (?:job|work|service|response|crew|team|app)',
    'well done|big shout out|kudos|hats off|bravo|much (?:better|appreciated)(?! if)|love (?:the|this|our)|(?:looks|is looking) (?:so |really )?(?:great|fantastic|amazing|beautiful|wonderful|good)',
    '(?<!would )(?<!d )(?:really |truly |greatly |very much )?appreciate (?:how|that|all|the (?:quick|fast|prompt|great|hard|work))',
    '(?:was|were|got|has been|have been) (?:\\w+ )?(?:fixed|repaired|cleaned|removed|replaced|cleared|plowed|gone|resolved) (?:so (?:fast|quickly|soon)|very (?:fast|quickly)|promptly|(?:the|by the) (?:next|same) (?:day|morning)|within (?:an?|one|two|a few|\\d+) (?:hours?|days?))',
  ].join('|')})`,
  'gi',
);

/** Words of praise that are none behind "would" and the like: "I would appreciate a new sign". */
export const wishedWords: ReadonlySet<string> = new Set(
  'appreciate appreciated grateful thankful great nice good helpful wonderful awesome love happy glad'.split(
    ' ',
  ),
);

function score(value: number, words: string): Record<string, number> {
  return Object.fromEntries(words.split(/\s+/).map((word) => [word, value]));
}
