// Following goes on over connections that break: nothing is lost, nothing is told twice.
import { afterEach, describe, expect, it } from '@jest/globals';
import { createClient } from './api-client.ts';
import { ApiError, ConnectionError } from './api-error.ts';
import type { ToldEvent } from './follow-events.ts';
import {
  problem,
  type Script,
  type ScriptedServer,
  startScriptedServer,
} from './scripted-server.for-test.ts';

let server: ScriptedServer | undefined;

afterEach(() => server?.close());

const event = (seq: number) =>
  `id: ${seq}\nevent: status\ndata: ${JSON.stringify({ seq, job_id: 'job_1' })}\n\n`;
const token = (offset: number, text: string) =>
  `event: token\ndata: ${JSON.stringify({ job_id: 'job_1', task_id: 't', attempt: 1, offset, text })}\n\n`;
const end = 'event: end\ndata: {"job_id":"job_1"}\n\n';

/** Sends these frames and then breaks the connection, or ends it in order. */
function stream(frames: string, how: 'breaks' | 'ends' = 'breaks'): Script {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`retry: 10\n\n${frames}`, () => (how === 'breaks' ? response.destroy() : response.end()));
  };
}

async function followed(...scripts: readonly Script[]) {
  const told: ToldEvent[] = [];
  server = await startScriptedServer(...scripts);
  const api = createClient({ baseUrl: server.url, waitFor: async () => undefined });
  const places = (): (string | undefined)[] =>
    (server?.seen ?? []).map(({ headers }) => headers['last-event-id'] as string);
  try {
    for await (const each of api.follow({ jobId: 'job_1' })) told.push(each);
    return { told, places: places() };
  } catch (error) {
    return { told, places: places(), error };
  }
}

const seqs = (told: readonly ToldEvent[]) => told.map(({ data }) => ('seq' in data ? data.seq : data.text));

describe('events of a run', () => {
  it('are told once and in order, over connections that break in the middle of one', async () => {
    const cut = event(3).slice(0, 20);
    const { told, places } = await followed(
      stream(event(1) + event(2) + cut),
      stream(event(3)),
      stream(event(4) + end, 'ends'),
    );
    expect(seqs(told)).toEqual([1, 2, 3, 4]);
    expect(places).toEqual([undefined, '2', '3']);
  });

  it('go on where a stream ends that was not at its end', async () => {
    const { told, places } = await followed(stream(event(1), 'ends'), stream(event(2) + end));
    expect([seqs(told), places]).toEqual([
      [1, 2],
      [undefined, '1'],
    ]);
  });

  it('go on at a place that was told without an event', async () => {
    const { places } = await followed(stream('id: 40\n\n'), stream(end));
    expect(places).toEqual([undefined, '40']);
  });

  it('are over when nothing is left to tell', async () => {
    const { told, error } = await followed(
      stream(event(1)),
      (response) => void response.writeHead(204).end(),
    );
    expect([seqs(told), error]).toEqual([[1], undefined]);
  });
});

describe('text of a model', () => {
  it('goes on where it was, though a stream that is opened anew begins it anew', async () => {
    const { told } = await followed(
      stream(token(0, 'One ') + token(4, 'two ')),
      stream(token(0, 'One two thr') + token(11, 'ee') + end),
    );
    expect(seqs(told).join('')).toBe('One two three');
    expect(told.map(({ data }) => 'offset' in data && data.offset)).toEqual([0, 4, 8, 11]);
  });
});

describe('a stream that fails', () => {
  it('says why, when that will not change', async () => {
    const refusal = JSON.stringify({
      status: 403,
      detail: 'Not yours',
      error_code: 'ERR_403',
      details: [],
      trace_id: 'a',
    });
    const { error, places } = await followed(stream(`${event(1)}event: error\ndata: ${refusal}\n\n`));
    expect(error).toBeInstanceOf(ApiError);
    expect([(error as ApiError).status, (error as ApiError).message, places.length]).toEqual([
      403,
      'Not yours',
      1,
    ]);
  });

  it('is opened anew when it may work then', async () => {
    const { told } = await followed(
      stream(`${event(1)}event: error\ndata: {"status":503,"detail":"Gone","error_code":"ERR_503"}\n\n`),
      stream(event(2) + end),
    );
    expect(seqs(told)).toEqual([1, 2]);
  });

  it('is refused as any other request', async () => {
    const { error } = await followed(problem(404, { detail: 'No such execution' }));
    expect((error as ApiError).message).toBe('No such execution');
  });

  it('is given up after many breaks without an event between them', async () => {
    const { error, places } = await followed(stream(''));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(places.length).toBeLessThan(20);
  });
});

it('lets the connection go when the caller leaves the loop, or ends the call', async () => {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const open: Script = (response) => {
    response.on('close', resolve);
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(event(1));
  };
  server = await startScriptedServer(open);
  for await (const _ of createClient({ baseUrl: server.url }).follow({ jobId: 'job_1' })) break;
  await closed;
  const stop = new AbortController();
  const stopped = async () => {
    const { signal } = stop;
    for await (const _ of createClient({ baseUrl: server?.url ?? '' }).follow({ signal }))
      stop.abort(new Error('enough'));
  };
  await expect(stopped()).rejects.toThrow('enough');
});
