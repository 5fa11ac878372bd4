// What an attempt has told so far, for readers who come late. It is bounded, and so is what any reader has waiting: what goes beyond the
// bounds is told to nobody, since the end says what came of it.
import type { InvocationEnd, RuntimeNotice, ToolCallNotice } from './invocation.ts';

/** Sentences on progress that one attempt tells. Late readers are told the last one. */
export const progressTellingsMax = 1_000;

/** Notices of tool calls that one attempt tells: beginning and end of each of the 20 calls that it may make, and 60 refused ones. */
export const toolCallTellingsMax = 100;

/** Text of a model that one attempt tells, in UTF-16 code units. */
export const toldTextMax = 256 * 1_024;

/** What a reader is told before the end. */
export type Telling =
  | { readonly kind: 'uncertain' }
  | { readonly kind: 'progress'; readonly message: string }
  | { readonly kind: 'tool_call'; readonly call: ToolCallNotice }
  /** `offset` is the position of the text in the whole, in UTF-16 code units. */
  | { readonly kind: 'text'; readonly text: string; readonly offset: number };

/** Everything that a reader is told; the end is the last. */
export type Message = Telling | { readonly kind: 'end'; readonly end: InvocationEnd };

/** A growing story. */
export interface Story {
  /** What is told of a notice; undefined when it is one too many. */
  add(notice: RuntimeNotice): Telling | undefined;
  /** What late readers are told: doubts, the last progress, every tool call in order, and all text as one piece. */
  soFar(): readonly Telling[];
  /** What readers are told once the attempt has ended: the same without progress and text. */
  lasting(): readonly Telling[];
}

/** A story that has just begun; `uncertain` when the agent may have run before. */
export function createStory({ uncertain }: { readonly uncertain: boolean }): Story {
  const first: readonly Telling[] = uncertain ? [{ kind: 'uncertain' }] : [];
  const calls: Telling[] = [];
  let text = '';
  let progress: Telling | undefined;
  let progressTold = 0;

  function addText(piece: string): Telling | undefined {
    const told = piece.slice(0, toldTextMax - text.length);
    if (told === '') return undefined;
    const telling: Telling = { kind: 'text', text: told, offset: text.length };
    text += told;
    return telling;
  }
  return {
    add(notice) {
      if (notice.kind === 'text') return addText(notice.text);
      if (notice.kind === 'tool_call') {
        if (calls.length >= toolCallTellingsMax) return undefined;
        calls.push(notice);
        return notice;
      }
      if (progressTold >= progressTellingsMax) return undefined;
      progressTold += 1;
      progress = notice;
      return notice;
    },
    soFar: () => {
      const written: Telling[] = text === '' ? [] : [{ kind: 'text', text, offset: 0 }];
      return [...first, ...(progress ? [progress] : []), ...calls, ...written];
    },
    lasting: () => [...first, ...calls],
  };
}
