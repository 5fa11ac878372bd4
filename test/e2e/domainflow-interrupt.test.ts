// Ctrl-C while `domainflow ask` shows what a model writes: the stream is let go of, nothing is left in the middle of a line, and the status says so.
import { afterEach, expect, it } from '@jest/globals';
import {
  json,
  type Script,
  type ScriptedServer,
  startScriptedServer,
} from '../../clients/api/scripted-server.for-test.ts';
import { pollUntil } from '../../local/demo/demo-run.ts';
import { type CommandPlace, createCommandPlace } from './domainflow-command.ts';

let server: ScriptedServer | undefined;
let place: CommandPlace | undefined;

afterEach(async () => {
  await server?.close();
  await place?.close();
});

const question = ['ask', 'What leaks?', '-d', 'civic'];
const pieces = ['The main ', 'on Elm Street '];

/** Writes these pieces and then no more; `left` resolves when the reader has gone. */
function endlessAnswer(): { readonly script: Script; readonly left: Promise<void> } {
  const { promise: left, resolve } = Promise.withResolvers<void>();
  const event = (text: string, offset: number) => {
    const data = { job_id: 'job_1', task_id: 'writer', attempt: 1, offset, text };
    return `event: token\ndata: ${JSON.stringify(data)}\n\n`;
  };
  const script: Script = (response) => {
    response.on('close', resolve).writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(pieces.map((piece, at) => event(piece, at * (pieces[0]?.length ?? 0))).join(''));
  };
  return { script, left };
}

async function startAsking(...options: readonly string[]) {
  const { script, left } = endlessAnswer();
  const session = { session_id: 'sess_1', domain_id: 'civic' };
  const asked = { query_id: 'query_1', job_id: 'job_1' };
  server = await startScriptedServer(json(201, session), json(202, asked), script);
  place = await createCommandPlace({ DOMAINFLOW_URL: server.url, DOMAINFLOW_TOKEN: 'token' });
  return { asking: place.start([...options, ...question]), left };
}

it.each(['SIGINT', 'SIGTERM'] as const)(
  'ends an answer that is being written with 130: %s',
  async (signal) => {
    const { asking, left } = await startAsking();
    await asking.sees('on Elm Street');
    asking.kill(signal);
    expect(await asking.ended).toEqual({
      code: 130,
      stdout: `writer: ${pieces.join('')}\n`,
      stderr: 'It goes on without you: domainflow executions watch job_1\n',
    });
    await left;
    expect(server?.seen.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/v1/sessions',
      'POST /api/v1/queries',
      'GET /api/v1/executions/job_1/events',
    ]);
  },
);

it('writes nothing with --json, and ends with 130 too', async () => {
  const { asking, left } = await startAsking('--json');
  const requests = async () => server?.seen.length ?? 0;
  await pollUntil(requests, (count) => count === 3, new AbortController().signal);
  asking.kill('SIGINT');
  expect(await asking.ended).toEqual({ code: 130, stdout: '', stderr: '' });
  await left;
});
