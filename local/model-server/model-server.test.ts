// The local model server to callers that do not stream, and to paths that it does not know. What it does to streams is seen where agents
// run on it.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ModelServer, startModelServer } from './model-server.ts';

let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(() => server.close());

async function ask(url: string): Promise<{ readonly status: number; readonly body: unknown }> {
  const body = JSON.stringify({ model: 'small', messages: [{ role: 'user', content: 'one two' }] });
  const response = await fetch(url, { method: 'POST', body });
  return { status: response.status, body: response.ok ? await response.json() : undefined };
}

describe('an answer that is not streamed', () => {
  it('has the form of chat completions', async () => {
    server.meet({ kind: 'answer', text: 'It drips' });
    const { body } = await ask(`${server.openAiUrl}/chat/completions`);
    expect(body).toMatchObject({
      choices: [{ message: { role: 'assistant', content: 'It drips' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: server.calls[0]?.tokens.input, completion_tokens: 2 },
    });
  });

  it('has the form of messages', async () => {
    server.meet({ kind: 'tools', text: 'Looking', calls: [{ name: 'look', arguments: { id: 1 } }] });
    const { body } = await ask(`${server.anthropicUrl}/messages`);
    expect(body).toMatchObject({
      content: [
        { type: 'text', text: 'Looking' },
        { type: 'tool_use', name: 'look', input: { id: 1 } },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: server.calls[0]?.tokens.input, output_tokens: 1 },
    });
  });
});

describe('calls', () => {
  it('are met one after another, and then as the last was', async () => {
    server.meet({ kind: 'status', status: 500 }, { kind: 'answer', text: 'x' });
    const url = `${server.openAiUrl}/chat/completions`;
    const statuses = [await ask(url), await ask(url), await ask(url)].map(({ status }) => status);
    expect(statuses).toEqual([500, 200, 200]);
    expect(server.calls.map(({ tokens }) => tokens.output)).toEqual([0, 1, 1]);
  });

  it('of other paths are none', async () => {
    expect(await ask(`${server.openAiUrl}/models`)).toEqual({ status: 404, body: undefined });
    expect(server.calls).toEqual([]);
  });
});
