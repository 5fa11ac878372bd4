// How a call is answered in a wire format: the bodies and events, without a socket.
import type { AskedTool } from './behaviour.ts';

/** What an answer holds. */
export interface Written {
  readonly model: string;
  readonly text: readonly string[];
  readonly tools: readonly AskedTool[];
  readonly stop: 'end' | 'length' | 'tools' | 'refusal';
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly tellsUsage: boolean;
  /** The caller wants the text as the arguments of a tool named `json`. */
  readonly inJsonTool: boolean;
}

/** A wire format. Events are whole server-sent events, with their blank lines. */
export interface AnswerFormat {
  /** The body of an answer that is not streamed. */
  whole(written: Written): object;
  /** Events before the first piece of text. */
  begin(written: Written): readonly string[];
  /** The event of one piece of text. */
  piece(text: string, written: Written): string;
  /** Events after the last piece. */
  end(written: Written): readonly string[];
  /** The body of an error. */
  error(status: number): object;
}

/** A server-sent event. */
export function eventOf(data: object | string, name?: string): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${text}\n\n`;
}
