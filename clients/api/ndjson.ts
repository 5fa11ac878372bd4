// JSON, one value on each line, in both directions.

/** The values of a stream; what follows the last line break counts, if it is anything. Throws SyntaxError for a line that is no JSON. */
export async function* readJsonLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<unknown, void> {
  for await (const line of readLines(bytes)) if (line.trim() !== '') yield JSON.parse(line);
}

/** The lines of a stream of UTF-8 without their line breaks, empty ones too, except for one after the last line break. */
export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  for await (const chunk of bytes) {
    const parts = decoder.decode(chunk, { stream: true }).split('\n');
    for (const part of parts.slice(0, -1)) {
      yield withoutReturn(pieces.join('') + part);
      pieces = [];
    }
    pieces.push(parts.at(-1) ?? '');
  }
  const rest = pieces.join('') + decoder.decode();
  if (rest !== '') yield withoutReturn(rest);
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** A body that is made of lines while it is sent. Lines are taken only as fast as they go out. */
export function bodyOfLines(lines: AsyncIterator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await lines.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(`${value}\n`));
      },
      async cancel() {
        await lines.return?.();
      },
    },
    { highWaterMark: 4 },
  );
}
