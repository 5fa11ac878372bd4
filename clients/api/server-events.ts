// Server-sent events out of the bytes of a stream (WHATWG HTML, section 9.2.6). What they tell is not its business.

/** One event. */
export interface ServerEvent {
  /** `message` where the stream does not name it. */
  readonly name: string;
  readonly data: string;
}

/** A step of a stream: an event, or only a new place, or both. */
export interface StreamStep {
  /** Absent when only the place has moved. */
  readonly event?: ServerEvent;
  /** Where to go on after it; absent before the stream has named a place. */
  readonly place?: string;
  /** How long to wait before coming back, in milliseconds; absent until the stream says so. */
  readonly retryMs?: number;
}

/** Longest line, in characters: more is no event of this API. */
const lineLengthMax = 4 * 1024 * 1024;

/** Reads the steps of a stream; an event that is cut off by its end is left out, as the standard has it. */
export async function* readServerEvents(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<StreamStep, void> {
  let told = nothingTold;
  let known: { place?: string; retryMs?: number } = {};
  for await (const line of linesOf(bytes)) {
    if (line !== '') {
      told = withLine(told, line);
      continue;
    }
    if (told.id !== undefined) known = { ...known, place: told.id };
    if (told.retryMs !== undefined) known = { ...known, retryMs: told.retryMs };
    const isNews = told.data.length > 0 || told.id !== undefined || told.retryMs !== undefined;
    const event = { name: told.name || 'message', data: told.data.join('\n') };
    if (isNews) yield { ...(told.data.length > 0 ? { event } : {}), ...known };
    told = nothingTold;
  }
}

interface Told {
  readonly name: string;
  readonly data: readonly string[];
  readonly id?: string;
  readonly retryMs?: number;
}

const nothingTold: Told = { name: '', data: [] };

function withLine(told: Told, line: string): Told {
  const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/su.exec(line) ?? [];
  switch (field) {
    case 'event':
      return { ...told, name: value };
    case 'data':
      return { ...told, data: [...told.data, value] };
    case 'id':
      return value.includes('\0') ? told : { ...told, id: value };
    case 'retry':
      return /^\d{1,9}$/.test(value) ? { ...told, retryMs: Number(value) } : told;
    default:
      return told;
  }
}

// Lines end with LF, CR or both; a CR at the end of a piece may have its LF in the next one.
async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of bytes) {
    rest += decoder.decode(piece, { stream: true });
    const whole = rest.endsWith('\r') ? rest.slice(0, -1) : rest;
    const lines = whole.split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? '') + rest.slice(whole.length);
    if (rest.length > lineLengthMax) throw new Error('An event stream has a line without end');
    yield* lines;
  }
}
