// OpenAI's chat completions, as many servers speak them.
import type { AskedTool } from './behaviour.ts';
import { type AnswerFormat, eventOf, type Written } from './wire-format.ts';

const reasons = { end: 'stop', length: 'length', tools: 'tool_calls', refusal: 'stop' } as const;
const head = { id: 'chatcmpl-1', created: 1_700_000_000 };

/** The format. */
export const openAiFormat: AnswerFormat = {
  whole: (written) => ({
    ...{ ...head, object: 'chat.completion', model: written.model },
    choices: [{ index: 0, message: messageOf(written), finish_reason: reasons[written.stop] }],
    ...(written.tellsUsage ? { usage: usageOf(written) } : {}),
  }),
  begin: () => [chunk({ delta: { role: 'assistant', content: '' } })],
  piece: (text) => chunk({ delta: { content: text } }),
  end: (written) => [
    ...written.tools.map((tool, index) =>
      chunk({ delta: { tool_calls: [{ index, ...toolOf(tool, index) }] } }),
    ),
    chunk({ delta: {}, finish_reason: reasons[written.stop] }),
    ...(written.tellsUsage ? [eventOf({ ...chunkHead, choices: [], usage: usageOf(written) })] : []),
    eventOf('[DONE]'),
  ],
  error: (status) => ({
    error: { message: `Refused with ${status}`, type: 'error', param: null, code: null },
  }),
};

const chunkHead = { ...head, object: 'chat.completion.chunk', model: 'local' };

function chunk(choice: object): string {
  return eventOf({ ...chunkHead, choices: [{ index: 0, finish_reason: null, ...choice }] });
}

function messageOf({ text, tools, stop }: Written): object {
  const said = text.join('');
  if (stop === 'refusal') return { role: 'assistant', content: null, refusal: said };
  const calls = tools.length > 0 ? { tool_calls: tools.map(toolOf) } : {};
  return { role: 'assistant', content: said, ...calls };
}

function toolOf({ name, arguments: given }: AskedTool, at: number): object {
  return { id: `call_${at + 1}`, type: 'function', function: { name, arguments: JSON.stringify(given) } };
}

function usageOf({ inputTokens, outputTokens }: Written): object {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: 1 },
  };
}
