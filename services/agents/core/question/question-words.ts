// The words of questions that are not what is searched for, the fields that they ask about, and words that people use for one thing.
// Lists only.

/** What a question may want to know beyond the matching reports. */
export type AskedField =
  | 'count'
  | 'street'
  | 'area'
  | 'status'
  | 'urgency'
  | 'sentiment'
  | 'category'
  | 'time_of_day'
  | 'weekday'
  | 'trend'
  | 'reporter'
  | 'organization'
  | 'assignee'
  | 'duration'
  | 'day'
  | 'week'
  | 'month'
  | 'hour'
  | 'distance';

/** Words that show that a field is asked about; the pattern is tried on the whole question. */
export const fieldPatterns: readonly (readonly [AskedField, RegExp])[] = [
  ['count', /\b(?:how many|number of|count of|how often|total)\b/i],
  ['street', /\b(?:streets?|roads?|corners?|intersections?|address(?:es)?)\b/i],
  ['area', /\b(?:areas?|neighbou?rhoods?|districts?|wards?|boroughs?|part(?:s)? of)\b/i],
  [
    'status',
    /\b(?:status|open|closed|pending|resolved|unresolved|in progress|solved|fixed|handled|outstanding|backlog)\b/i,
  ],
  [
    'urgency',
    /\b(?:urgent|urgency|immediate|emergenc(?:y|ies)|serious|severe|critical|priority|dangerous)\b/i,
  ],
  ['sentiment', /\b(?:sentiment|feel(?:ing|s)?|angry|happy|unhappy|mood|satisf\w+)\b/i],
  [
    'category',
    /\b(?:categor(?:y|ies)|types?|kinds?|common|most about|main (?:issues?|problems?|complaints?)|top (?:issues?|problems?|complaints?))\b/i,
  ],
  [
    'time_of_day',
    /\b(?:what time|time of (?:the )?day|which hours?|what hours?|at night|in the (?:morning|evening|afternoon))\b/i,
  ],
  ['weekday', /\b(?:which days?|what days?|weekdays?|day of (?:the )?week|weekends?)\b/i],
  [
    'trend',
    /\b(?:trends?|trending|increas\w+|decreas\w+|rising|falling|more than (?:before|last)|getting (?:worse|better)|over time|growing|change[ds]?)\b/i,
  ],
  [
    'reporter',
    /\b(?:who (?:reported|reports|complain\w*|filed|submitted)|reporters?|complainants?|which (?:users?|people|residents?))\b/i,
  ],
  [
    'organization',
    /\b(?:which (?:agency|agencies|organi[sz]ations?|compan(?:y|ies)|departments?)|who is (?:responsible|blamed|named|mentioned))\b/i,
  ],
  [
    'assignee',
    /\b(?:assign\w*|unassigned|assignees?|which teams?|what teams?|who (?:handles?|is handling|works? on|is working on|is responsible|deals? with|has|owns)|responsible (?:team|for)|teams?)\b/i,
  ],
  [
    'duration',
    /\b(?:how (?:long|fast|quickly|slowly|many days)|resolution times?|time to (?:resolve|close|fix)|turnaround|response times?|(?:average|median|mean|typical) (?:time|days|duration))\b/i,
  ],
  [
    'day',
    /\b(?:(?:which|what|busiest|worst|peak|best|quietest) days?(?! of the week)|per day|by day|daily|each day|every day)\b/i,
  ],
  [
    'week',
    /\b(?:(?:which|what|busiest|worst|peak|best|quietest) weeks?|per week|by week|weekly|each week|every week)\b/i,
  ],
  [
    'month',
    /\b(?:(?:which|what|busiest|worst|peak|best|quietest) months?|months? (?:had|has|have|with|was|were|saw)|per month|by month|monthly|each month|every month)\b/i,
  ],
  [
    'hour',
    /\b(?:(?:which|what|busiest|peak|worst|rush) hours?|what time|time of (?:the )?day|hour of (?:the )?day|per hour|by hour|hourly)\b/i,
  ],
  ['distance', /\b(?:nearest|closest)\b/i],
];

/** Words that never narrow a search. */
export const questionWords: ReadonlySet<string> = new Set(
  `a an the this that these those who whom whose what where when why how which is are was were be been being am do does did doing done has have had
  having can could should would will shall may might must many much often most least more less very some any all each every both few several other
  another same such only just also too not no nor so than then there here it its they them their theirs he she his her we us our you your i me my
  of in on at to from by for with about against between into through during before after above below near around within inside outside close
  up down out off over under again once and or but if because as until while per via like since please tell show give list find get see know
  anything something everything nothing people person residents citizens users someone anyone everybody everyone reporters reporter complain complains complained complaining complaint complaints
  report reports reported reporting file filed submit submitted issue issues problem problems incident incidents case cases thing things
  happen happens happened happening occur occurs occurred occurring get gets getting got come comes coming most common commonly main top biggest
  frequent frequently frequency number count total summary summarise summarize overview currently recent recently lately latest now still yet
  cause causes caused causing reason reasons reasoned behind lead leads trend trends pattern patterns increase increasing increased decrease decreasing decreased rising falling change changes changed
  worse better time times period periods compared compare kind kinds type types category categories sort sorts status statuses
  street streets road roads area areas neighborhood neighborhoods neighbourhood neighbourhoods district districts place places location locations hotspot hotspots
  hour hours day days week weeks month months year years today yesterday tomorrow tonight morning evening afternoon night weekday weekdays weekend weekends
  say says said mention mentions mentioned named involved affected affect affects responsible need needs want wants
  open pending resolved closed progress unresolved handled outstanding urgent urgency sentiment
  city town boston-area which's what's who's where's when's how's many's resolve solve fix handle deal dealt usually typically mostly exactly
  agency agencies organization organizations organisation organisations department departments company companies
  part parts side exist exists received receive made make makes been concerning regarding related relating especially`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Groups of words that stand for one thing; a search for one of them offers the others as a choice. */
export const synonymGroups: readonly (readonly string[])[] = [
  ['trash', 'garbage', 'rubbish', 'litter', 'waste'],
  ['pothole', 'potholes'],
  ['leak', 'leaks', 'leaking'],
  ['streetlight', 'streetlights', 'lamp', 'lamps'],
  ['rat', 'rats', 'rodent', 'rodents', 'mice'],
  ['noise', 'noisy', 'loud'],
  ['flood', 'flooding', 'flooded'],
  ['tree', 'trees', 'branch', 'branches'],
  ['snow', 'unshoveled', 'shoveled', 'plowed'],
  ['needle', 'needles', 'syringe', 'syringes'],
  ['bike', 'bikes', 'bicycle', 'cyclist', 'cyclists'],
  ['car', 'cars', 'vehicle', 'vehicles'],
  ['sidewalk', 'sidewalks', 'pavement', 'footpath'],
  ['sewage', 'sewer', 'sewers'],
  ['speeding', 'speed', 'speeds'],
  ['drain', 'drains', 'drainage', 'gutter'],
  ['broken', 'damaged', 'repair'],
  ['street light', 'streetlight', 'street lamp', 'lamp post'],
  ['traffic light', 'traffic signal'],
  ['fire hydrant', 'hydrant'],
];

/** Words that say how a thing is; a search that finds nothing with them is tried without. */
export const conditionWords: ReadonlySet<string> = new Set(
  `broken damaged cracked missing faulty defective dirty dangerous unsafe bad terrible old new big large huge small illegal illegally
  blocked blocking clogged plugged stuck dead burnt dark dim loud heavy poor overflowing leaking flickering flashing blinking working`.split(
    /\s+/,
  ),
);
