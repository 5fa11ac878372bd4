// How deeply JSON text nests, told before it is parsed. It counts brackets outside of strings and checks nothing else.

/** Levels of objects and lists that a request body may have. */
export const jsonDepthMax = 32;

const quote = 0x22;
const backslash = 0x5c;
const openBrackets = new Set([0x5b, 0x7b]);
const closeBrackets = new Set([0x5d, 0x7d]);

/** True when the text opens more than `depthMax` brackets inside one another. Text that is not JSON gives either answer. */
export function isDeeperThan(text: string, depthMax: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (inString) {
      if (char === backslash) at += 1;
      else if (char === quote) inString = false;
    } else if (char === quote) inString = true;
    else if (closeBrackets.has(char)) depth -= 1;
    else if (openBrackets.has(char)) {
      depth += 1;
      if (depth > depthMax) return true;
    }
  }
  return false;
}
