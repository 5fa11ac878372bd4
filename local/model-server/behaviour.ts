// What a local model server is told to do with a call, and what it remembers of one. Types only.

/** One way to meet a call. */
export type Behaviour =
  /** Answers with this text, in pieces where the caller streams. */
  | { readonly kind: 'answer'; readonly text: string; readonly told?: Told; readonly stop?: 'end' | 'length' }
  /** Calls tools; `text` is said before. */
  | { readonly kind: 'tools'; readonly calls: readonly AskedTool[]; readonly text?: string }
  /** Declines to answer. */
  | { readonly kind: 'refusal'; readonly text: string }
  /** Answers with an HTTP status instead. */
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** Takes the call and says nothing, until the caller leaves. */
  | { readonly kind: 'hang' }
  /** Streams this text, then closes the connection without an end. */
  | { readonly kind: 'cut'; readonly text: string }
  /** Streams the pieces, each when its turn has come, then ends well. */
  | {
      readonly kind: 'paced';
      readonly pieces: readonly string[];
      readonly turn: (at: number) => Promise<void>;
    };

/** Whether the caller is told what the call used [told]. */
export type Told = 'usage' | 'no usage';

/** A call of a tool that the model makes. */
export interface AskedTool {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** The wire formats that the server speaks. */
export type WireFormat = 'openai' | 'anthropic';

/** A call as the server saw it. */
export interface ServedCall {
  readonly format: WireFormat;
  /** Body of the request. */
  readonly body: Readonly<Record<string, unknown>>;
  /** `authorization` or `x-api-key`. */
  readonly key: string;
  readonly behaviour: Behaviour;
  /** As the server counts: words. Refused calls use nothing. */
  readonly tokens: { readonly input: number; output: number };
  /** Resolves when the connection of the call is gone: `ended` when the answer was written to its end before. */
  readonly gone: Promise<'ended' | 'left'>;
}

/** Counts as the server does. */
export function countWords(text: string): number {
  return text.split(/[\s{}[\]":,]+/).filter((word) => word !== '').length;
}

/** A text in small pieces, as models write. */
export function piecesOf(text: string): readonly string[] {
  return text.match(/[\s\S]{1,12}/g) ?? [];
}
