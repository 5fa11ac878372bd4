// The words by which urgency is judged, strongest level first. Lists only; `urgency.ts` weighs them.

/** The levels, the most urgent first. */
export const urgencies = ['immediate', 'urgent', 'moderate', 'low'] as const;

/** How soon somebody should act. */
export type Urgency = (typeof urgencies)[number];

/** Words that speak for one level. */
export interface UrgencyRule {
  readonly level: Urgency;
  /** What the words are evidence of; appears in the reasoning. */
  readonly reason: string;
  readonly pattern: RegExp;
}

/** The rules in order; a text may match several and the most urgent level wins. */
export const urgencyRules: readonly UrgencyRule[] = [
  {
    level: 'immediate',
    reason: 'gas',
    pattern:
      /\b(?:gas leak|(?:smell|odou?r)s? of gas|smells? (?:like )?gas|carbon monoxide|gas (?:is )?leaking)/i,
  },
  {
    level: 'immediate',
    reason: 'fire',
    pattern:
      /\b(?:on fire|(?:house|building|car|brush|trash) fire|flames|explo(?:sion|ded|ding)|smoke (?:coming|pouring|billowing)|burning (?:down|building|car|house|now))\b/i,
  },
  {
    level: 'immediate',
    reason: 'live electricity',
    pattern:
      /\b(?:(?:live|downed|fallen|hanging|exposed|sparking)\s+(?:\w+\s+){0,2}(?:wire|wires|power lines?|cables?)|(?:wires?|power lines?) (?:is |are )?(?:down\b|sparking|exposed|hanging)|electrocut\w*)/i,
  },
  {
    level: 'immediate',
    reason: 'somebody hurt',
    pattern:
      /\b(?:is injured|are injured|was injured|were injured|bleeding|unconscious|not breathing|passed out|overdos\w+|stabbed|shot|stabbing|shooting|gun ?shots?|drowning|trapped|got hit by|was (?:just )?(?:hit|struck) by|heart attack)\b/i,
  },
  {
    level: 'immediate',
    reason: 'collapse',
    pattern:
      /\b(?:collaps(?:ed|ing)|about to (?:fall|collapse)|falling down on|sink ?hole|landslide|mudslide)\b/i,
  },
  {
    level: 'immediate',
    reason: 'asked for at once',
    pattern:
      /\b(?:immediately|immediate(?:\s+\w+)? (?:attention|danger|action|threat|response)|emergency (?:situation|repair|response)|this is an emergency|call(?:ing)? 911|right away|life[- ]threatening)\b/i,
  },
  {
    level: 'urgent',
    reason: 'danger',
    pattern:
      /\b(?:dangerous(?:ly)?|danger|hazard(?:ous|s)?|unsafe|not safe|safety (?:issue|concern|risk|hazard|problem)|risk(?:y|ing)?|someone (?:will|is going to|could|might|may|is gonna)(?: \w+)? (?:die|get|be|trip|fall|slip)|kill(?:ed|s)?|deadly|fatal\w*|scary|terrif\w+)\b/i,
  },
  {
    level: 'urgent',
    reason: 'asked for soon',
    pattern: /\b(?:asap|a\.s\.a\.p|as soon as possible|urgent(?:ly)?|quickly|desperately|promptly)\b/i,
  },
  {
    level: 'urgent',
    reason: 'injury or near miss',
    pattern:
      /\b(?:injur\w+|accidents?|(?:nearly|almost|narrowly) (?:been |got |gotten |get )?(?:\w+ )?(?:hit|killed|run over|struck|side ?swiped|missed)|close calls?|(?:fell|tripped|slipped)|broke (?:my|her|his) \w+|crash(?:ed|es)?|got (?:hit|hurt)|struck|ambulances?|hit[- ]and[- ]run)\b/i,
  },
  { level: 'urgent', reason: 'needles', pattern: /\b(?:needles?|syringes?|hypodermic|heroin)\b/i },
  {
    level: 'urgent',
    reason: 'water',
    pattern:
      /\b(?:flood(?:ed|ing|s)?|water main|main break|burst|gushing|sewage|no (?:running |hot )?water|hydrant (?:is |was )?(?:leaking|open|broken|running)|leaking hydrant|raw sewage)\b/i,
  },
  { level: 'urgent', reason: 'ice', pattern: /\b(?:ice|icy|black ice|slippery|sheet of ice)\b/i },
  {
    level: 'urgent',
    reason: 'a blocked way',
    pattern:
      /\b(?:block(?:s|ed|ing)? (?:the |a |my |our |fire )*(?:hydrant|driveway|exit|fire lane|street|road|traffic|wheelchair ramp|ramp|entrance)|hydrant (?:is )?blocked|impassable|wheelchairs? (?:can ?not|can't|cannot))\b/i,
  },
  {
    level: 'urgent',
    reason: 'a failed signal',
    pattern:
      /\b(?:(?:traffic|signal|walk|street) ?lights? (?:\w+ ){0,3}(?:out|not working|malfunction\w*|broken|flashing)|signal (?:\w+ ){0,2}(?:out|not working|malfunction\w*|broken)|missing stop sign|stop sign (?:is )?(?:missing|down|gone))\b/i,
  },
  {
    level: 'urgent',
    reason: 'an open hole or a fallen thing',
    pattern:
      /\b(?:(?:missing|open|loose) (?:\w+ )?(?:man ?hole|cover)|man ?hole (?:cover )?(?:is )?(?:missing|open|off)|fallen (?:\w+ )?(?:tree|branch|limb|pole)|(?:tree|pole|branch|limb) (?:\w+ )?(?:down|fell|fallen|leaning)|hanging (?:branch|limb))\b/i,
  },
  {
    level: 'urgent',
    reason: 'crime',
    pattern:
      /\b(?:break[- ]?ins?|robb\w+|assault\w*|attack\w*|drug (?:deal\w*|use|activity)|gang|threat(?:s|en\w*)?|vandal\w*|prostitut\w+)\b/i,
  },
  {
    level: 'moderate',
    reason: 'something out of order',
    pattern:
      /\b(?:broken|damaged|not working|doesn'?t work|isn'?t working|out of order|missing|crack(?:ed|s)?|leak(?:ing|s|y)?|overflow\w*|pot ?holes?|clogged|stuck|dumped|dumping|dead|rats?|rodents?|mice|roaches|bed ?bugs|odou?r|smell\w*|stench|infest\w*|mold|abandoned)\b/i,
  },
  {
    level: 'moderate',
    reason: 'a nuisance or breach',
    pattern:
      /\b(?:illegal(?:ly)?|without a permit|speed(?:ing|s)|run(?:s|ning)? (?:the )?(?:red|stop|light)|double[- ]park\w*|noise|noisy|loud|not (?:been )?(?:picked up|collected|shovel\w*|plow\w*|cleared|emptied)|unshovel\w*|missed|trash|garbage|litter|debris|fail(?:s|ed|ing|ure)? to (?:stop|yield))\b/i,
  },
  {
    level: 'low',
    reason: 'a wish or a suggestion',
    pattern:
      /\b(?:would be (?:nice|great|good|helpful)|suggest\w*|consider(?:ed)?|could (?:we|you) (?:please )?(?:add|get|have|consider|install)|it'd be nice|request(?:ing)? (?:a|an|new|for)|maybe|in the future|improve(?:d|ment|ments)?)\b/i,
  },
  {
    level: 'low',
    reason: 'looks',
    pattern:
      /\b(?:graffiti|tagged|tagging|faded|ugly|eye ?sore|weeds?|over ?grown|paint(?:ed|ing)?|cosmetic)\b/i,
  },
  {
    level: 'low',
    reason: 'a question or thanks',
    pattern:
      /\b(?:i was wondering|wondering if|question|when (?:will|is|does)|what is the|how (?:do|can) (?:i|we)|thanks for (?:fixing|the)|thank you for (?:fixing|the)|great job|nice job|well done)\b/i,
  },
];
