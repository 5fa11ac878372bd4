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

/** Those who come to harm sooner than others. */
const vulnerable =
  'child(?:ren)?|kids?|bab(?:y|ies)|infants?|toddlers?|students?|seniors?|elderly|grand(?:mother|father|ma|pa)|wheelchairs?|disabled|blind|school';
const somebody = `${vulnerable}|man|woman|men|women|boy|girl|person|people|someone|somebody|neighbou?rs?|mother|father|mom|dad|son|daughter|wife|husband|tenants?|workers?|driver|cyclist|pedestrian|he|she|they`;
const building =
  'house|home|basement|cellar|apartment|unit|kitchen|bathroom|bedroom|hallway|lobby|ceiling|building|garage|store|shop|school|hospital|warehouse';
const power = '(?:power|electric(?:al)?|utility|live|high voltage) ?(?:lines?|wires?|cables?)';

/** The rules in order; a text may match several and the most urgent level wins. */
export const urgencyRules: readonly UrgencyRule[] = [
  {
    level: 'immediate',
    reason: 'gas',
    pattern: anyOf(
      '(?<!sewer )gas (?:main |line |pipe )?(?:is |was )?(?:leak(?:s|ing|age)?|ruptured|broken|cut|hit)',
      '(?:smell|odou?r|stench)s? of (?:natural )?gas|smell(?:s|ed|ing)? (?:strongly |like |natural |some )*gas|(?<!sewer )gas (?:smell|odou?r)',
      'carbon monoxide|co (?:alarm|detector)',
    ),
  },
  {
    level: 'immediate',
    reason: 'fire',
    pattern: anyOf(
      'on fire|(?:house|building|car|brush|trash|dumpster|forest|roof|kitchen|electrical) fire|flames|explo(?:sion|ded|ding)|wildfire',
      'smoke (?:is |was )?(?:coming|pouring|billowing|rising|filling)|(?:see|smell|smelling|thick|heavy|black) smoke|fire (?:in|inside|at|behind) (?:the|a|my|our)',
      'burning (?:down|building|car|house|now)',
      within('houses?|building|car|garage|apartment|roof|home|shed|barn', '(?:is|are) burning', 4),
    ),
  },
  {
    level: 'immediate',
    reason: 'live electricity',
    pattern: anyOf(
      '(?:live|downed|down|fallen|hanging|exposed|sparking|broken)\\s+(?:\\w+\\s+){0,2}(?:wires?|power ?lines?|cables?)',
      '(?:wires?|power ?lines?) (?:is |are )?(?:down|sparking|exposed|hanging)',
      within(`${power}|wires?`, 'down|downed|fallen|sparking|arcing|exposed|hanging|on the ground', 4),
      'sparks? (?:are |is )?(?:flying|coming|from)|electrocut\\w*|electric shocks?|arcing',
    ),
  },
  {
    level: 'immediate',
    reason: 'somebody hurt',
    pattern: anyOf(
      '(?:is|are|was|were) (?:badly |seriously |severely )?injured|bleeding|unconscious|not breathing|passed out|overdos\\w+|stabbed|shot|stabbing|shooting|gun ?shots? (?:fired|heard)|shots fired|drowning|got hit by|was (?:just )?(?:hit|struck) by|heart attack|trapped (?:in|inside|under|by)',
      within(
        somebody,
        "(?:trapped|stuck (?:in|inside|under)|feels? dizzy|not moving|cannot get up|can'?t get up|cannot breathe|can'?t breathe|under (?:it|the rubble)|still (?:inside|in there|down there)|on (?:the|their) roofs?)",
        6,
      ),
    ),
  },
  {
    level: 'immediate',
    reason: 'a weapon or an attack under way',
    pattern: anyOf(
      '(?:with|has|have|waving|pointing|carrying) (?:a |an )?(?:gun|knife|machete|rifle|weapon)',
      '(?:is|are) being (?:attacked|robbed|beaten|assaulted|chased)|active shooter',
    ),
  },
  {
    level: 'immediate',
    reason: 'water rising around people',
    pattern: anyOf(
      within('flood ?waters?|water|levee', 'up to (?:her|his|my|our|their) (?:knees?|waist|chest)', 4),
      within(within(building, '(?:flood(?:ed|ing)|filling up with water|under water)', 3), vulnerable, 8),
      'over the levee|levee (?:broke|breach\\w*)|swept away by',
    ),
  },
  {
    level: 'immediate',
    reason: 'collapse',
    pattern: anyOf(
      'about to (?:fall|collapse)|falling down on|sink ?hole|landslide|mudslide|collaps(?:ed|ing)(?! of)',
      within(
        'wall|roof|ceiling|balcony|porch|bridge|scaffold(?:ing)?|crane|building',
        '(?:just )?(?:came down|caved in|giving way)',
        5,
      ),
    ),
  },
  {
    level: 'immediate',
    reason: 'called an emergency',
    pattern: anyOf(
      'immediate(?:\\s+\\w+)? (?:danger|threat|response)|emergency (?:situation|response)|this is an emergency|call(?:ing)? 911|life[- ]threatening',
    ),
  },
  {
    level: 'urgent',
    reason: 'danger',
    pattern: anyOf(
      'dangerous(?:ly)?|danger|hazard(?:ous|s)?|unsafe|not safe|safety (?:issue|concern|risk|hazard|problem)|risk(?:y|ing)?|deadly|fatal\\w*|scary|terrif\\w+|kill(?:ed|s)?',
      '(?:someone|somebody|people|kids?|child(?:ren)?) (?:will|is going to|are going to|could|might|may|is gonna)(?: \\w+)? (?:die|get|be|trip|fall|slip)',
      'asbestos|toxic|(?:chemical|oil|fuel) spill|hazmat|contaminat\\w+',
    ),
  },
  {
    level: 'urgent',
    reason: 'asked for soon',
    pattern: anyOf(
      'asap|a\\.s\\.a\\.p|as (?:soon|quickly) as possible|urgent(?:ly)?|immediately|immediate (?:attention|action|repair)|right away|emergency repair',
    ),
  },
  {
    level: 'urgent',
    reason: 'injury or near miss',
    pattern: anyOf(
      'injur\\w+|accidents?|collisions?|close calls?|near (?:miss(?:es)?|accidents?)|hurt|bitten|bit me|twisted (?:my|his|her) \\w+',
      '(?:nearly|almost|narrowly) (?:been |got |gotten |get |gets )?(?:\\w+ )?(?:hit|strike|killed|run over|struck|side ?swiped|missed|collide[ds]?)',
      '(?:fell|tripped|slipped)(?! through| off| asleep| behind)|broke (?:my|her|his) \\w+|crash(?:ed|es)?|got (?:hit|hurt)|struck|ambulances?|hit[- ]and[- ]run',
    ),
  },
  {
    level: 'urgent',
    reason: 'needles',
    pattern: anyOf('(?<!pine )needles?|syringes?|hypodermic|heroin'),
  },
  {
    level: 'urgent',
    reason: 'water',
    pattern: anyOf(
      'flood(?:ed|ing|s)?|water main|main break|burst|gushing|sewage|raw sewage|(?:major|big|large|huge) leak',
      'water (?:over|across|covering) (?:the )?(?:\\w+ )?(?:roads?|streets?|bridges?|highway)|covered (?:with|in|by) water|high water|under water|water leak|leaking water|water (?:is |was )?(?:pouring|gushing|coming (?:up|in|through|from))',
      within(
        'hydrant|water valve|street valve',
        '(?:leak(?:s|ing)?|dripping|open|broken|running|gushing)',
        4,
      ),
      'leaking (?:fire )?hydrant|backing up into',
      within('tap water|drinking water|our water', '(?:brown|discolou?red|smells?|tastes?|dirty|rusty)', 3),
    ),
  },
  {
    level: 'urgent',
    reason: 'no heat, water or power',
    pattern: anyOf(
      'no (?:running |hot )?water|no heat(?:ing)?|no electricity|no power|without (?:heat|water|power|electricity)|power (?:outage|cut|is out|went out)|blackout|heat (?:is |has been )?(?:off|out)',
      within('elevator', '(?:out|broken|not working|stuck)', 4),
    ),
  },
  {
    level: 'urgent',
    reason: 'ice',
    pattern: anyOf('(?<!de-)(?<!de )ice(?! cream| rink| skating)|icy|black ice|slippery'),
  },
  {
    level: 'urgent',
    reason: 'a blocked way',
    pattern: anyOf(
      "block(?:s|ed|ing)? (?:the |a |my |our |fire )*(?:hydrant|driveway|exit|fire lane|street|road|traffic|wheelchair ramp|ramp|entrance)|hydrant (?:is )?blocked|impassable|wheelchairs? (?:can ?not|can't|cannot)",
      '(?:in|on|at) (?:front of )?(?:the |a |this )?fire (?:hydrant|lane)|(?:in front of|park(?:s|ed|ing)? (?:at|by|on)) (?:the |a |this )?hydrant|fire lane|roads? (?:is |are |was |were )?closed|road closures?',
    ),
  },
  {
    level: 'urgent',
    reason: 'a failed signal',
    pattern: anyOf(
      within(
        '(?:traffic|walk|pedestrian|crossing) (?:lights?|signals?)|signals?|(?:red|green) lights?',
        '(?:out|dark|not working|malfunction\\w*|broken|flashing|down)',
        5,
      ),
      'missing stop sign',
      within('stop sign', '(?:missing|down|gone|knocked (?:over|down)|fallen)', 2),
    ),
  },
  {
    level: 'urgent',
    reason: 'an open hole or a thing that may fall',
    pattern: anyOf(
      '(?:missing|open|loose) (?:\\w+ )?(?:man ?hole|cover)|deep hole',
      within('man ?holes?(?: covers?)?', '(?:missing|open|off|gone|loose|uncovered)', 8),
      'fallen (?:\\w+ )?(?:trees?|branch(?:es)?|limbs?|poles?)|(?:trees?|poles?|branch(?:es)?|limbs?) (?:\\w+ )?(?:fell|fallen|leaning)|(?:tree|pole|limb) (?:\\w+ )?down|hanging (?:branch|limb)|limbs? down',
      within(
        'branch|limb|tree|pole|balcony|sign|signal|light|bricks?|facade',
        '(?:hanging by|dangling|leans|coming loose|(?:may|might|could|will) (?:fall|drop|come down|collapse|break))',
        6,
      ),
    ),
  },
  {
    level: 'urgent',
    reason: 'damage to homes',
    pattern: anyOf(
      '(?:major|severe|extensive|serious) damage to (?:\\w+ )?(?:homes?|houses?|buildings?|roofs?)|roofs? (?:was |were )?(?:blown|torn) off|funnel cloud|tornado|waterspout',
      within(building, '(?:is |are |was |were )?destroyed|uninhabitable', 4),
    ),
  },
  {
    level: 'urgent',
    reason: 'crime',
    pattern: anyOf(
      'break[- ]?ins?|robb\\w+|assault\\w*|attack(?:ed|ing|s)|attack(?! of)|drug (?:deal\\w*|use|activity)|drugs (?:being )?sold|gang|threat(?:s|en(?:ed|ing|s)?) (?:me|us|him|her|people|to)|vandal\\w*|prostitut\\w+',
      '(?:tried|trying) to (?:run|hit|hurt|grab|break)',
    ),
  },
  {
    level: 'urgent',
    reason: 'children or frail people in traffic',
    pattern: anyOf(
      within(
        'speed(?:s|ing)|r[au]n(?:s|ning)? (?:the |a )?(?:red|stop|light)|fails? to stop|sheet of ice',
        vulnerable,
        8,
      ),
      within(vulnerable, 'speed(?:s|ing)|r[au]n(?:s|ning)? (?:the |a )?(?:red|stop|light)|fails? to stop', 8),
    ),
  },
  {
    level: 'moderate',
    reason: 'something out of order',
    pattern:
      /\b(?:broken|damaged|not working|doesn'?t work|isn'?t working|out of order|missing|crack(?:ed|s)?|leak(?:ing|s|y)?|overflow\w*|pot ?holes?|clogged|stuck|dumped|dumping|dead|rats?|rodents?|mice|roaches|bed ?bugs|odou?r|smell\w*|stench|infest\w*|mold|abandoned|has been (?:out|full|down)|lights? (?:is |are )?out)\b/i,
  },
  {
    level: 'moderate',
    reason: 'a nuisance or breach',
    pattern:
      /\b(?:illegal(?:ly)?|without a permit|speed(?:ing|s)|run(?:s|ning)? (?:the )?(?:red|stop|light)|double[- ]park\w*|noise|noisy|loud|not (?:been )?(?:picked up|collected|shovel\w*|plow\w*|cleared|emptied)|unshovel\w*|missed|trash|garbage|litter|debris|fail(?:s|ed|ing|ure)? to (?:stop|yield)|plates)\b/i,
  },
  {
    level: 'low',
    reason: 'a wish or a suggestion',
    pattern:
      /\b(?:would be (?:nice|great|good|helpful)|would (?:like|love) to see|suggest\w*|consider(?:ed)?|could (?:we|you|they|the (?:city|town)) (?:please )?(?:add|get|have|consider|install|plant|provide|paint|put)|please (?:add|plant|consider)|it'd be nice|request(?:ing|ed)? (?:a|an|new|for)|(?:sign|light|bench|signage|crosswalk|rack) requested|maybe|some ?day|in the future|improve(?:d|ment|ments)?|could use)\b/i,
  },
  {
    level: 'low',
    reason: 'looks',
    pattern:
      /\b(?:graffiti|tagged|tagging|faded|ugly|shabby|eye ?sore|weeds?|over ?grown|(?:re)?paint(?:ed|ing)?|peeling|cosmetic)\b/i,
  },
  {
    level: 'low',
    reason: 'a question or thanks',
    pattern:
      /\b(?:i was wondering|wondering if|question|when (?:will|is|does)|what is the|how (?:do|can) (?:i|we)|(?:want|like) to know|is (?:that|this|it) (?:number |still |even )*(?:legal|right|allowed|possible)|asked ?(?:about|for|the)|(?:ask|information|info) (?:about|on)|how to|control of|market rate|thanks for (?:fixing|the)|thank you for (?:fixing|the)|great job|nice job|well done)\b/i,
  },
];

/** Any of these wordings, as whole words. */
function anyOf(...wordings: readonly string[]): RegExp {
  return new RegExp(`\\b(?:${wordings.join('|')})\\b`, 'i');
}

/** Both wordings in this order in one sentence, with at most so many words between them. */
function within(first: string, then: string, words: number): string {
  return `(?:${first})\\b(?:[^\\w.!?]+[\\w'’]+){0,${words}}?[^\\w.!?]+(?:${then})`;
}
