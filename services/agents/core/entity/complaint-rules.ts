// The words by which a report is sorted into the four kinds of complaints. Lists only; `complaint-type.ts` weighs them.

/** The kinds of complaints. */
export type ComplaintType = 'infrastructure' | 'safety' | 'environment' | 'service' | 'other';

/** A word or phrase that speaks for a kind. */
export interface ComplaintRule {
  readonly type: Exclude<ComplaintType, 'other'>;
  /** How strongly one occurrence speaks for the kind. */
  readonly weight: number;
  readonly pattern: RegExp;
}

/** The rules; every rule that matches adds its weight once. */
export const complaintRules: readonly ComplaintRule[] = [
  {
    type: 'infrastructure',
    weight: 3,
    pattern:
      /\b(?:pot ?holes?|street ?(?:lights?|lamps?)|light ?poles?|lamp ?posts?|man ?holes?|catch basins?|storm drains?|water mains?|sewers?|sink ?holes?|hydrants?|curb (?:cuts?|ramps?)|handicap ramps?|guard ?rails?|utility poles?|power lines?|fallen wires?)\b/i,
  },
  {
    type: 'infrastructure',
    weight: 2,
    pattern:
      /\b(?:pav(?:e|ed|ing|ement)|repav\w+|resurfac\w+|side ?walks?|curbs?|cross ?walks?|bricks?|asphalt|bridge|drains?|drainage|pipes?|leak(?:s|ing|y)?|gutters?|stop signs?|street signs?|signage|lane markings?|road markings?|crosswalk (?:markings?|lines?|paint)|repaint\w*|striping|traffic (?:lights?|signals?)|walk signals?|pedestrian signals?|signal timing|speed (?:bumps?|humps?)|bike (?:lanes?|racks?|facilities)|cycle ?tracks?|ramps?|bump ?outs?|bollards?|fences?|benches|playground|construction plates?|steel plates?|cracks?|uneven|cable|wires?|poles?)\b/i,
  },
  {
    type: 'infrastructure',
    weight: 1,
    pattern:
      /\b(?:road|street|signs?|signals?|lights?|bulbs?|lanes?|intersection|broken|damaged|install|meters?|doors?|elevators?|heat|boiler|plumbing|roof|ceiling)\b/i,
  },
  {
    type: 'safety',
    weight: 3,
    pattern:
      /\b(?:gas leak|smell of gas|on fire|fires?|shoot(?:ing|ings)|gun ?shots?|assault\w*|attack\w*|robb\w+|stab\w*|drug (?:deal\w*|use|users?|activity)|prostitut\w+|hit by|struck by|nearly (?:hit|killed)|almost (?:been )?(?:hit|killed)|injur\w+|run(?:s|ning)? (?:the |a )?(?:red|stop|light)\w*|red light running|fail(?:s|ed|ing|ure)? to (?:stop|yield)|(?:right|turn\w*) on red|(?:do not|don'?t|doesn'?t|never|rarely|refuse to|won'?t) (?:stop|yield)|drag rac\w+|hit[- ]and[- ]run|needles?|syringes?|fire ?works?|fire ?crackers?)\b/i,
  },
  {
    type: 'safety',
    weight: 2,
    pattern:
      /\b(?:dangerous\w*|danger|hazard\w*|unsafe|not safe|safety|accidents?|crash(?:es)?|collisions?|speed(?:s|ing|ers?)?|too fast|reckless\w*|aggressive\w*|blind (?:spot|corner)\w*|visibility|can ?not see|can'?t see|hard to see|homeless|loitering|break[- ]?ins?|vandal\w*|threat\w*|smashed|jay ?walk\w*|wrong way|distracted|cutting off|cut off|(?:block(?:s|ed|ing)? (?:the )?(?:crosswalk|box|bike lane|hydrant|intersection))|not enough time|yield\w*|ice|icy|slippery|black ice)\b/i,
  },
  {
    type: 'safety',
    weight: 1,
    pattern:
      /\b(?:pedestrians?|cyclists?|bikers?|bicyclists?|kids|children|elderly|stroller|wheelchairs?|police|drunk\w*|suspicious|scary)\b/i,
  },
  {
    type: 'environment',
    weight: 3,
    pattern:
      /\b(?:trash|garbage|rubbish|litter\w*|debris|recycl\w+|dump(?:ed|ing)|rats?|rodents?|mice|raccoons?|skunks?|bed ?bugs|roach\w*|dead (?:animal|squirrel|rat|raccoon|bird|possum|cat|dog|skunk|rabbit)\w*|graffiti|tagg(?:ed|ing)|sewage|pollut\w+|smok(?:e|y)|fumes|dog (?:poop|waste|feces|crap)|pick\w* up after|poop|feces|urin\w+|air quality|oil spill|chemical|asbestos)\b/i,
  },
  {
    type: 'environment',
    weight: 2,
    pattern:
      /\b(?:noise|noisy|loud\w*|blaring|smells?|odou?rs?|stench|stink\w*|trees?|branch(?:es)?|limbs?|stump|weeds?|over ?grow\w*|dumpsters?|grass|leaves|flood\w*|standing water|puddles?|mattress\w*|furniture|appliance|filthy|dirty|mess|dust\w*|airplanes?|planes?|car alarms?|music|party|parties|barking|jackhammer\w*|park\b(?! (?:dept|department))|garden|pond)\b/i,
  },
  {
    type: 'service',
    weight: 4.5,
    pattern:
      /\b(?:(?:not|never|wasn'?t|weren'?t|hasn'?t|haven'?t|didn'?t|missed) (?:been |get |got )?(?:pick(?:ed)?[- ]?up|collected|emptied|plow\w*|shovel\w*|swept|salted|moved)|(?:trash|recycling|garbage|yard waste) (?:\w+ ){0,3}(?:missed|skipped)|missed (?:trash|recycling|garbage|pick ?up|street)\w*)/i,
  },
  {
    type: 'service',
    weight: 3,
    pattern:
      /\b(?:missed (?:trash|recycling|garbage|pick ?up|street)\w*|pick ?up (?:\w+ )?(?:was )?missed|(?:un)?shovel(?:l?ed|ing)?|plow\w*|abandoned (?:car|vehicle|van|truck|bike|suv)\w*|tow(?:ed|ing)?\b|ticket(?:s|ed|ing)?|permits?|case (?:was |is )?closed|closed (?:this|my|the) case|case #?\d+|311|street (?:cleaning|sweep\w*)|inspection\w*|enforce\w*|bus (?:service|route|schedule|driver)s?|customer service)\b/i,
  },
  {
    type: 'service',
    weight: 2,
    pattern:
      /\b(?:illegal(?:ly)? park\w*|park(?:ed|ing|s) (?:illegal\w*|in (?:a |the )?(?:resident|handicap|no|fire|bike|bus)\b)|double[- ]park\w*|parking|resident (?:spot|parking|permit)s?|space savers?|block\w* (?:my |the |our |a )?driveways?|handicap (?:spot|parking)|rpp|expired|registration|no permit|response|respond\w*|request(?:ed)?|report(?:ed|ing)?|complain\w*|snow|delivery|office|staff|clerk|appointment|bill|refund|schedule\w*|signed up|meter maid|in(?:spector|spectors)|bins? (?:was|were|not)|vehicle|parked)\b/i,
  },
];
