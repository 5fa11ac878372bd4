// Texts that look like an attack by script or SQL. It judges short texts that are shown in lists and used as labels; free text and what
// workers are given is never judged, since talk of SQL is no attack there.

/** Markup and addresses that a browser would carry out. */
const scripts = [
  /<\s*\/?\s*(?:script|iframe|object|embed|svg|img|style|link|meta|base|form)\b/i,
  /\b(?:javascript|vbscript)\s*:/i,
  /\bdata\s*:\s*text\/html/i,
  /\bon(?:error|load|click|focus|blur|mouse\w+|key\w+|submit|toggle)\s*=/i,
  /\b(?:eval|settimeout|setinterval|alert)\s*\(/i,
  /\bdocument\s*\.\s*(?:cookie|write|location)\b/i,
];

/** Pieces of statements that no name needs; words alone, such as `select` or `drop`, are no piece. */
const statements = [
  /\bunion\s+(?:all\s+)?select\b/i,
  /\bselect\s+(?:\*|[\w.,]+)\s+from\s+(?:\w+\s+where\b|information_schema|pg_|mysql|sys)/i,
  /\bselect\s+\*\s+from\b/i,
  /\binsert\s+into\s+[\w."]+\s*(?:\(|values\b|select\b)/i,
  /\bupdate\s+[\w."]+\s+set\s+[\w."]+\s*=/i,
  /\bdelete\s+from\s+[\w."]+\s*(?:;|--|$|where\b)/i,
  /\b(?:drop|truncate|alter|create)\s+(?:table|database|schema|view|role|user|index)\b/i,
  /;\s*(?:select|insert|update|delete|drop|truncate|alter|create|grant|exec|shutdown)\b/i,
  /\b(?:or|and)\s+(['"]?)\d+\1\s*=\s*(['"]?)\d+/i,
  /['"]\s*(?:or|and)\s+['"\d]/i,
  /['";)]\s*--/,
  /\/\*[^*]*\*\//,
  /\b(?:exec|execute)\s*\(?\s*(?:xp|sp)_\w+/i,
  /\bxp_cmdshell\b/i,
  /\b(?:pg_sleep|sleep|benchmark)\s*\(/i,
  /\bwaitfor\s+delay\b/i,
];

/** What a text looks like, as a sentence that does not repeat it; undefined when nothing speaks against it. */
export function suspicionOf(text: string): string | undefined {
  if (scripts.some((pattern) => pattern.test(text))) return 'looks like a script';
  if (statements.some((pattern) => pattern.test(text))) return 'looks like SQL';
  return undefined;
}
