// The words of commands: verbs that begin one, words for statuses, levels and reports, and what is politeness only. Lists only.

/** Verbs and other words that begin a part of a command; behind "and" or a comma they begin the next part. */
export const openingWords = `re-?assign|assign|give|hand|pass|delegate|route|redirect|forward|transfer|send|refer|dispatch|escalate|allocate|set|change|update|mark|flag|declare|close|archive|reject|dismiss|resolve|solve|complete|finish|settle|re-?open|start|begin|resume|commence|put|make|add|leave|write|append|note|comment|move|switch|return|raise|lower|increase|decrease|reduce|bump|postpone|extend|push|shift|reschedule|prioriti[sz]e|deprioriti[sz]e|tag|label|record|adjust|edit|modify|have|let|ask|status|priority|due|deadline|clear|remove|unset|delete|unassign|close out|inspect|finali[sz]e|call|tell|notify|inform|email|escalate|their|its|(?:top|high|medium|normal|low)[- ]priority|do not|don'?t|never`;

/** What may stand before a command without being part of it. */
export const politeness =
  /^(?:(?:please|pls|kindly|now|then|also|and|so|ok(?:ay)?|hey|hi|hello|just)\b[\s,]*|(?:can|could|would|will) you\s+|i(?:'d| would) like (?:you )?to\s+|i (?:want|need) (?:you )?to\s+|we (?:should|need to|must|have to|want to)\s+|you (?:should|must|can)\s+|let'?s\s+|go ahead and\s+|make sure to\s+)+/i;

/** What may stand behind a command without being part of it. */
export const trailingCourtesy =
  /[\s,]*\b(?:please|now|asap|immediately|at once|right away|thanks|thank you|instead|for now|as well|too)[\s.!]*$/i;

/** Words for reports, as a pattern. */
export const reportNouns = 'reports?|complaints?|cases?|issues?|incidents?|tickets?|requests?|problems?';

/** Words for each status, as patterns. */
export const statusWords = {
  pending:
    'pending|open|re-?opened|new|on hold|waiting|unresolved|to ?do|paused|not (?:yet )?(?:resolved|fixed|done|started|closed)',
  in_progress:
    'in[- _]progress|ongoing|under ?way|started|active|work in progress|wip|in work|being (?:worked on|handled|fixed|repaired)|under (?:repair|investigation|review)',
  resolved:
    'resolved|fixed|done|solved|completed?|repaired|finished|settled|sorted(?: out)?|dealt with|taken care of',
  closed: 'closed|archived|rejected|(?:a )?duplicates?(?: of .+)?|obsolete|invalid|spam',
} as const;

/** A status that a case can be given. */
export type CaseStatus = keyof typeof statusWords;

/** Words for how much something matters, as a pattern. */
export const levelWords = 'highest|high|medium|normal|lowest|low|urgent|critical|top|major|minor|p[0-4]';

/** What people do with a case that is theirs, as a pattern. */
export const handlingWords =
  'handle|take care of|look after|look at|look into|deal with|fix|take over|take on|take|work on|inspect|check|own|repair|resolve|investigate|follow up on|follow up|clean up|review|see to|do';

/** Words that show that a name is a group's. */
export const groupWords =
  /\b(?:team|crew|department|dept|division|office|unit|squad|group|bureau|agency|authority|services?|works|committee|staff|desk|commission|council|section)\b/i;

/** Names of details, as a pattern; what each stands for is read in detail-change.ts. */
export const detailNames =
  'priority(?: level)?|prio|due(?:[ _-]?date)?|deadline|target date|severity|category|estimated costs?|costs?(?: estimate)?|budget|eta|contractor|tag|label|notes?|comments?|remarks?|address|location|description';
