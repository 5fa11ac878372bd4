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

/** Words of thanks that count as praise only with what they thank for ("thank you for fixing"), as a pattern on the whole text. */
export const praisePattern =
  /\b(?:thank(?:s| you)(?: so much| very much)? (?:to|for (?:the (?:quick|great|prompt|fast|good|new)|fixing|your (?:quick|help|service)|cleaning|repairing|all))|great job|nice job|good job|well done|big shout out|excellent (?:job|work|service)|much (?:better|appreciated)|love (?:the|this)|looks great)\b/gi;

function score(value: number, words: string): Record<string, number> {
  return Object.fromEntries(words.split(/\s+/).map((word) => [word, value]));
}
