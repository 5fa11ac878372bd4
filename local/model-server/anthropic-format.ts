// Anthropic's messages, with text, tools and the tool by which older models answer JSON.
import { type AnswerFormat, eventOf, type Written } from './wire-format.ts';

const reasons = { end: 'end_turn', length: 'max_tokens', tools: 'tool_use', refusal: 'refusal' } as const;

/** The format. */
export const anthropicFormat: AnswerFormat = {
  whole: (written) => ({
    ...messageOf(written),
    content: [{ type: 'text', text: written.text.join('') }, ...written.tools.map(toolOf)],
    stop_reason: reasons[written.stop],
    usage: usageOf(written),
  }),
  begin: (written) => [
    typed('message_start', {
      message: { ...messageOf(written), usage: { ...usageOf(written), output_tokens: 1 } },
    }),
    typed('content_block_start', {
      index: 0,
      content_block: written.inJsonTool ? jsonTool : { type: 'text', text: '' },
    }),
  ],
  piece: (text, { inJsonTool }) => {
    const delta = inJsonTool
      ? { type: 'input_json_delta', partial_json: text }
      : { type: 'text_delta', text };
    return typed('content_block_delta', { index: 0, delta });
  },
  end: (written) => [
    typed('content_block_stop', { index: 0 }),
    ...written.tools.flatMap((tool, at) => {
      const { input, ...block } = toolOf(tool, at);
      const delta = { type: 'input_json_delta', partial_json: JSON.stringify(input) };
      return [
        typed('content_block_start', { index: at + 1, content_block: { ...block, input: {} } }),
        typed('content_block_delta', { index: at + 1, delta }),
        typed('content_block_stop', { index: at + 1 }),
      ];
    }),
    typed('message_delta', {
      delta: { stop_reason: stopOf(written), stop_sequence: null },
      usage: { output_tokens: written.outputTokens },
    }),
    typed('message_stop', {}),
  ],
  error: (status) => ({ type: 'error', error: { type: 'api_error', message: `Refused with ${status}` } }),
};

const jsonTool = { type: 'tool_use', id: 'toolu_json', name: 'json', input: {} };

function stopOf({ stop, inJsonTool }: Written): string {
  return inJsonTool && stop === 'end' ? reasons.tools : reasons[stop];
}

function typed(type: string, fields: object): string {
  return eventOf({ type, ...fields }, type);
}

function messageOf({ model }: Written): object {
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model, content: [] };
  return { ...message, stop_reason: null, stop_sequence: null };
}

function toolOf({ name, arguments: input }: Written['tools'][number], at: number) {
  return { type: 'tool_use', id: `toolu_${at + 1}`, name, input };
}

function usageOf({ inputTokens, outputTokens }: Written): object {
  return { input_tokens: inputTokens, output_tokens: outputTokens };
}
