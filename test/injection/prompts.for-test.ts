// What a model was sent, taken apart: which of it was said to be data, and whether anything of a text stands outside of that.
import type { ServedCall } from '../../local/model-server/behaviour.ts';

/** A prompt as the model server received it. */
export interface SeenPrompt {
  /** The mark of the data; empty where there is none. */
  readonly mark: string;
  /** The data by its name. */
  readonly data: Readonly<Record<string, string>>;
  /** Everything of the person's turn that stands outside the data. */
  readonly outside: string;
  /** How often the mark stands in the person's turn. */
  readonly marks: number;
}

/** Takes the first turn of a call apart. */
export function seenPrompt({ body }: ServedCall): SeenPrompt {
  const messages = body.messages as readonly { readonly role: string; readonly content: unknown }[];
  const content = textOf(messages.find(({ role }) => role === 'user')?.content);
  const rule = textOf(messages.find(({ role }) => role === 'system')?.content);
  const mark = /between a line "<<<name ([0-9a-f]+)"/.exec(rule)?.[1] ?? '';
  const parts = new RegExp(`^<<<(\\w+) ${mark}\\n([\\s\\S]*?)\\n${mark} \\1>>>$`, 'gm');
  const data = [...content.matchAll(parts)].map(([, name = '', text = '']) => [name, text]);
  return {
    ...{ mark, data: Object.fromEntries(data), outside: content.replace(parts, '').trim() },
    marks: mark === '' ? 0 : content.split(mark).length - 1,
  };
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return (content as readonly { readonly text?: string }[]).map(({ text = '' }) => text).join('');
}
