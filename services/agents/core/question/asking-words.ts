// Words by which people ask, beyond those of question-words.ts: what they want to be shown, in which order, compared with what. They are
// never searched for. Lists and patterns only.

/** Words that never narrow a question; reports about them are found by asking for the word alone in quotes. */
export const askingWords: ReadonlySet<string> = new Set(
  `actually actual assigned assign assignee assignees available average averages band biggest busiest busy closest compare compared comparing
  comparison database data detail details difference duration earliest earlier else entries entry ever exact exactly fewer fewest first
  generally given greater greatest handle handles handler hello hey hi higher highest kindly largest last latest later least long longest
  lower lowest logged lot lots mean median minimum maximum nearby nearest newest normally oldest ongoing opened order ordered overall owned
  past peak per percent percentage please previous priority priorities proportion quickly rank ranking rate rates ratio record records
  recorded recurring regarding relative remaining resolution respectively second seen share show showing sighting sightings slow smallest
  sorted source sources spotted statistics stats sum take taken takes taking team teams texted thank thanks third though thus trending
  unassigned usual versus via vs want week weekly whether wise within work working worked working-on works world-wide worst yearly monthly daily
  hourly channel channels reporter's typical typically anywhere somewhere everywhere fast quick common commonest rise rose grow grown
  dropped drop peaks peaked outcome outcomes rather instead only even already ago soon true request requests requested ticket tickets question questions query queries ask asks asked asking mood tone sentiments feel feels felt st ave av rd blvd photo photos picture pictures image images going goes went far handling progress-of came come comes arrive arrived arriving wrote written airing both weekend weekends mondays tuesdays wednesdays thursdays fridays saturdays sundays nights nighttime dark midnight daytime nobody happened-to know tell think believe look looks looking
  situation state states news update updates`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Words of politeness. */
export const courtesies =
  /\bif\s+(?:it\s+is|it['’]s|that\s+is)\s+not\s+(?:too\s+much\s+)?(?:of\s+)?(?:a\s+)?(?:trouble|problem|bother)\b|\bif\s+(?:you\s+(?:do\s+not|don['’]t)\s+mind|you\s+can|possible|you\s+would)\b|\bi\s+(?:would|['’]d)\s+like\s+to\s+(?:know|see|ask)\b|\bi['’]d\s+like\s+to\s+(?:know|see|ask)\b|\bi\s+(?:am|was)\s+wondering\b|\bi\s+wonder\b|\b(?:would|could|can)\s+you\s+(?:please\s+)?(?:kindly\s+)?(?:tell|show|give|let)\s+me\b|\bthank(?:s|\s+you)(?:\s+(?:so|very)\s+much|\s+in\s+advance)?\b/giu;

/** What the index cannot narrow to, with the words that ask for it. */
export const asides: readonly (readonly [string, RegExp])[] = [
  [
    'on all days',
    /\bon\s+(?:the\s+)?(?:weekends?|weekdays|working\s+days|mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays)\b|\b(?:at|over)\s+(?:the\s+)?weekends\b/iu,
  ],
  [
    'at all hours',
    /\b(?:at\s+night(?:s|time)?|during\s+the\s+night|in\s+the\s+(?:mornings?|afternoons?|evenings?)|after\s+dark|after\s+midnight|during\s+the\s+day(?:time)?)\b|\b(?:at|between|after|before|from|around|until)\s+\d{1,2}(?::\d\d)?\s*(?:[ap]\.?m\b\.?|o['’]clock)?(?:\s*(?:and|to|-|–|until)\s*\d{1,2}(?::\d\d)?)?\s*(?:[ap]\.?m\b\.?|o['’]clock)/iu,
  ],
  [
    'with or without a location',
    /\b(?:no|without(?:\s+an?)?|missing(?:\s+an?)?|lack(?:ing)?(?:\s+an?)?)\s+(?:location|place|address|coordinates|position)s?\b/iu,
  ],
  [
    'with or without photos',
    /\b(?:with|without|have|having|has|include|including)\s+(?:an?\s+|any\s+|no\s+|more\s+than\s+\d+\s+|at\s+least\s+\d+\s+|\d+\s+)?(?:photo|picture|image|attachment)s?\b/iu,
  ],
  [
    'assigned or not',
    /\b(?:unassigned|not\s+(?:yet\s+)?assigned|without\s+an?\s+(?:assignee|team)|assigned\s+to\s+(?:nobody|no\s+one|no-one))\b/iu,
  ],
];

/** "hour of the day", "a day": no time is meant. */
export const timeless =
  /\b(?:hours?|times?|days?|parts?|weeks?|months?|seasons?)\s+of\s+(?:the\s+|a\s+)?(?:day|week|month|year)s?\b|\b(?:per|each|every|a|by)\s+(?:hour|day|week|month|year|weekday)\b(?!\s+ago)|\b(?:day|month|week|year|hour)\s+(?:by|to|over)\s+(?:day|month|week|year|hour)\b/giu;

/** Whether the newest or the oldest reports are asked for; "last week" is a time. */
export const orders: readonly (readonly ['newest' | 'oldest', RegExp])[] = [
  [
    'newest',
    /\b(?:(?:most\s+)?recent(?!ly\b)|latest|newest|last(?!\s+(?:(?:\d+|few|couple(?:\s+of)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\s+)?(?:hour|day|night|week|weekend|month|quarter|year|spring|summer|autumn|fall|winter|mon|tues|wednes|thurs|fri|satur|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|christmas|century|decade))(?:\s+time)?)\b/iu,
  ],
  [
    'oldest',
    /\b(?:oldest|earliest|first(?!\s+(?:(?:\d+|few|two|three)\s+)?(?:hour|day|week|half|quarter|month|of\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)))(?:\s+time)?)\b/iu,
  ],
];

/** "the 5 latest", "list 3 reports". */
export const shownCount =
  /\b(?:the|list|show|give(?:\s+me)?|top|last|latest|newest|first|oldest|recent)\s+(?:the\s+|me\s+)?(\d{1,2}|two|three|four|five|six|seven|eight|nine|ten)\b(?!\s*(?:km|mi|m|hours?|days?|nights?|weeks?|months?|years?)\b)/iu;

/** Words of one thing of the answer before: "the second one", "report 3", "the last of them". */
export const nthPattern =
  /\b(?:the|that)\s+(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|\d{1,2}(?:st|nd|rd|th))\s+(?:one|of\s+(?:them|these|those)|in\s+the\s+list|(?:report|case|complaint)\s*(?:\?|$))|\b(?:report|number|no\.|#)\s*(\d{1,2})\s*(?:\?|$|of\s+(?:them|these|those))/iu;

/** "not about parking", "except trees". */
export const leftOut =
  /\b(?:(?:not|nothing)\s+(?:about|on|related\s+to|concerning|involving|mentioning|including)|excluding|except(?:ing)?(?:\s+for)?|other\s+than|apart\s+from|aside\s+from|but\s+not)\s+(?:the\s+|any\s+)?(?<things>[\p{L}-]+(?:\s+(?:or|and|nor)\s+[\p{L}-]+)*(?:\s+(?!(?:in|on|at|near|since|from|during|last|this|before|after|and|or|reports?|complaints?|issues?|problems?|are|is|were|was|have|has)\b)[\p{L}-]+)?)/iu;

/** What stands before a place or a time that is to be left out. */
export const leftOutBefore =
  /\b(?:not|outside(?:\s+of)?|except|excluding|other\s+than|beyond)\s+(?:in\s+|near\s+|on\s+|at\s+|from\s+|during\s+|since\s+|the\s+)*$/iu;

/** Words that stand for what was asked before. */
export const strongPointers =
  /\b(?:them|those|these|they|their|theirs|its?|(?:of|about|in|on|for)\s+that|same)\b/iu;
/** Words of a narrower question about what was asked before. */
export const amongThem =
  /\b(?:of|among|amongst|from|between)\s+(?:them|those|these)\b|\b(?:those|these|they|them)\b/iu;
/** How a question goes on from the one before. */
export const goingOn = /^\s*(?:and|what\s+about|how\s+about|but|also|only|just|same|then|so|or)\b/iu;
/** Words that make a question whole. */
export const wholeNouns =
  /\b(?:reports?|complaints?|cases?|issues?|incidents?|tickets?|requests?|problems?)\b/iu;
/** Shorter questions without a subject go on from the one before. */
export const ellipsisWordsMax = 6;

/** Two sides of a comparison. */
export const comparisons: readonly RegExp[] = [
  /^(?<left>.*?\b(?:more|fewer|less|higher|lower|worse|better|greater|busier|as\s+many)\b.*?)\bthan\b(?!\s+(?:\d|one\b|a\b|an\b|two\b|usual|average|normal))(?<right>.*)$/isu,
  /^(?<left>.*?)\b(?:versus|vs\b\.?|compared?\s+(?:to|with|against)|as\s+opposed\s+to|in\s+comparison\s+(?:to|with))(?<right>.*)$/isu,
  /^\s*(?:please\s+)?(?:compare|contrast)\s+(?<left>.*?)\s(?:and|with|to|against)\s(?<right>.*)$/isu,
  /^(?<left>.*\b(?:difference|comparison)\s+between\s.*?)\sand\s(?<right>.*)$/isu,
  /^(?<left>.*\b(?:more|worse|bigger|higher|busier)\b.*?)\bor\b(?<right>.*)$/isu,
];

/** Words that ask what to do, which no report says. */
export const advice =
  /\b(?:should|ought\s+to|shall)\s+(?:we|i|you|they|one|the\s+(?:city|town|council|team|department))\b|\b(?:we|i|they)\s+(?:should|ought\s+to)\b|\bhow\s+(?:do|can|could|may|to)\s+(?:i\s+|we\s+|you\s+|one\s+)?(?:report|file|submit|make|send|complain|fix|contact|prevent|avoid)\b/iu;

/** Words that ask for a share. */
export const shareWords = /\b(?:percent(?:age)?|share|proportion|fraction|how\s+much\s+of)\b|%/iu;

/** Two questions in one. */
export const twoQuestions =
  /^(?<left>.+?)(?:[?;.!]\s+(?:and\s+)?|,?\s+and\s+)(?<right>(?:how|where|when|who|why|what|which|is|are|list|show|tell)\b.+)$/isu;

/** Words without one of which nothing is asked. */
export const inquiry =
  /\b(?:how|where|when|who|whom|whose|why|what|which|is|are|was|were|do|does|did|has|have|had|can|could|any|list|show|give|tell|find|count|number|total|many|much|most|more|reports?|complaints?|cases?|issues?|incidents?|tickets?|requests?|problems?|all|everything|overview|summar\p{L}+|trends?|latest|newest|first|last|oldest)\b/iu;

/** "than last month", "the week before", "than before". */
export const precedingPattern =
  /\b(?:(?:the\s+)?(?:last|previous|prior|preceding)\s+(?<unit>day|week|month|year)|(?:the\s+)?(?<before>day|week|month|year)\s+before|before|previously|(?:the\s+)?(?:previous|prior|preceding)\s+(?:period|time|one))\b/iu;
