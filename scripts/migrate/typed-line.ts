// One line that somebody types.
import { createInterface } from 'node:readline';

/** The first line of the stream without its end and the spaces around it; empty when the stream ends before. */
export async function typedLine(input: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input });
  try {
    for await (const line of lines) return line.trim();
    return '';
  } finally {
    lines.close();
  }
}
