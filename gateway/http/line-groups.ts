// Puts lines together to groups that can be handed over at once.
import type { SentLine } from './line-reader.ts';

/** Limits of a group. A line beyond `bytesMax` makes a group of its own. */
export interface GroupLimits {
  readonly linesMax: number;
  readonly bytesMax: number;
}

/** The lines in order, in groups that are as large as the limits allow. */
export async function* groupLines(
  lines: AsyncIterable<SentLine>,
  { linesMax, bytesMax }: GroupLimits,
): AsyncGenerator<readonly SentLine[]> {
  let group: SentLine[] = [];
  let groupBytes = 0;
  for await (const line of lines) {
    const bytes = line.kind === 'line' ? line.bytes.length : 0;
    if (group.length > 0 && (group.length === linesMax || groupBytes + bytes > bytesMax)) {
      yield group;
      group = [];
      groupBytes = 0;
    }
    group.push(line);
    groupBytes += bytes;
  }
  if (group.length > 0) yield group;
}
