// A file as the tidy rules see it: its text, and the same text with comments and literals blanked out so that patterns
// meet only code. It is a small scanner of TypeScript's lexical form; it knows no grammar.

/** Any text file of the checkout. `path` is relative to the root, with forward slashes. */
export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** A file of code. `code` and `uncommented` have the length and the line breaks of `text`, so offsets agree. */
export interface SourceFile extends TextFile {
  /** The text with comments, and the insides of strings, templates and regular expressions, replaced by spaces. */
  readonly code: string;
  /** The text with only its comments replaced by spaces. */
  readonly uncommented: string;
}

interface Scan {
  readonly text: string;
  readonly code: string[];
  readonly uncommented: string[];
  /** For each `${` that is open: how many braces are open inside it. */
  readonly templateDepths: number[];
  position: number;
}

const wordsBeforeRegex =
  /(?:^|[^\w$.])(?:return|typeof|case|in|of|delete|void|throw|new|else|do|await|yield)$/;

/** Scans a file once; the result is what every rule works on. Works for TypeScript, JavaScript and protobuf files. */
export function sourceFile(path: string, text: string): SourceFile {
  const scan: Scan = { text, code: chars(text), uncommented: chars(text), templateDepths: [], position: 0 };
  if (text.startsWith('#!')) blankComment(scan, endOfLine(text, 0));
  while (scan.position < text.length) step(scan);
  return { path, text, code: scan.code.join(''), uncommented: scan.uncommented.join('') };
}

/** The line of an offset, counted from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** True for a jest file and for anything else that lies under `test/`. */
export function isTest(path: string): boolean {
  return /\.(test|for-test)\.ts$/.test(path) || path.startsWith('test/');
}

function chars(text: string): string[] {
  return text.split('');
}

function step(scan: Scan): void {
  const { text, position } = scan;
  const char = text[position];
  const pair = text.slice(position, position + 2);
  if (pair === '//') blankComment(scan, endOfLine(text, position));
  else if (pair === '/*') blankComment(scan, after(text, '*/', position + 2));
  else if (char === "'" || char === '"') blankLiteral(scan, endOfString(text, position));
  else if (char === '`') blankTemplate(scan);
  else if (char === '/' && startsRegex(scan)) blankLiteral(scan, endOfRegex(text, position));
  else if ((char === '{' || char === '}') && scan.templateDepths.length > 0) brace(scan, char);
  else scan.position += 1;
}

/** Inside `${…}` braces are counted, so that the one that closes it leads back into the template's text. */
function brace(scan: Scan, char: '{' | '}'): void {
  const depth = scan.templateDepths.pop() ?? 0;
  if (char === '}' && depth === 0) {
    blankTemplate(scan);
    return;
  }
  scan.templateDepths.push(char === '{' ? depth + 1 : depth - 1);
  scan.position += 1;
}

function blankComment(scan: Scan, end: number): void {
  blank(scan.code, scan.position, end);
  blank(scan.uncommented, scan.position, end);
  scan.position = end;
}

function blankLiteral(scan: Scan, end: number): void {
  blank(scan.code, scan.position + 1, end - 1);
  scan.position = end;
}

/** From a backtick or the end of a `${…}` to the next `${` or the closing backtick; the backticks themselves stay. */
function blankTemplate(scan: Scan): void {
  const { text, position: start } = scan;
  let at = start + 1;
  while (at < text.length && text[at] !== '`' && text.slice(at, at + 2) !== '${')
    at += text[at] === '\\' ? 2 : 1;
  const opensExpression = text[at] === '$';
  blank(scan.code, text[start] === '`' ? start + 1 : start, opensExpression ? at + 2 : at);
  if (opensExpression) scan.templateDepths.push(0);
  scan.position = at + (opensExpression ? 2 : 1);
}

function startsRegex(scan: Scan): boolean {
  const before = scan.code
    .slice(Math.max(0, scan.position - 80), scan.position)
    .join('')
    .trimEnd();
  return before === '' || !/[\w$)\]}'"`]$/.test(before) || wordsBeforeRegex.test(before);
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== text[start] && text[at] !== '\n') at += text[at] === '\\' ? 2 : 1;
  return Math.min(at + 1, text.length);
}

function endOfRegex(text: string, start: number): number {
  let inClass = false;
  let at = start + 1;
  while (at < text.length && text[at] !== '\n' && (inClass || text[at] !== '/')) {
    if (text[at] === '[') inClass = true;
    if (text[at] === ']') inClass = false;
    at += text[at] === '\\' ? 2 : 1;
  }
  return Math.min(at + 1, text.length);
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from);
  return at === -1 ? text.length : at;
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at === -1 ? text.length : at + mark.length;
}

function blank(target: string[], start: number, end: number): void {
  for (let at = start; at < end && at < target.length; at += 1) if (target[at] !== '\n') target[at] = ' ';
}
