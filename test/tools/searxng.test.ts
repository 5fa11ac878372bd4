// web_search over a SearXNG of the deployment's own: its requests and answers as that server has them, and everything that can go wrong.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startToolServer, type ToolServer } from './tool-server.for-test.ts';
import { type OpenForTest, startToolStage, type ToolStage } from './tool-stage.for-test.ts';

let server: ToolServer;
let stage: ToolStage;
beforeAll(async () => {
  server = await startToolServer();
  const apiKey = { kind: 'text', text: 'searx-key' } as const;
  stage = await startToolStage({
    webSearch: { kind: 'searxng', url: `${server.origin}/call?language=en`, apiKey },
    webSearchMs: 300,
  });
}, 60_000);
afterAll(async () => {
  await stage?.close();
  await server?.close();
});

const opened = async (): Promise<OpenForTest> =>
  (await stage.tenantWith([], ['web_search'])).open(['web_search'], {});

/** A page as SearXNG lists it (`searx/result_types`, format json). */
const page = (nth: number) => ({
  ...{
    url: `https://p/${nth}`,
    title: `Page ${nth}`,
    content: `On potholes ${nth} searx-key`,
    engine: 'bing',
  },
  ...{ template: 'default.html', engines: ['bing'], positions: [nth], score: 1 / nth, category: 'general' },
  ...{ thumbnail: '', parsed_url: ['https', 'p', `/${nth}`, '', '', ''], publishedDate: null },
});
const found = {
  ...{ query: 'potholes & co', number_of_results: 0, answers: [], corrections: [], infoboxes: [] },
  ...{ suggestions: ['pothole repair'], unresponsive_engines: [['google', 'CAPTCHA']] },
};

describe('a search by SearXNG', () => {
  it('asks for JSON beside what the address says, and answers the pages', async () => {
    const results = [1, 2, 3].map(page);
    server.answer((_request, response) => response.end(JSON.stringify({ ...found, results })));
    const box = await opened();
    const answer = await box.call('web_search', { query: 'potholes & co', max_results: 2 });
    expect(answer).toEqual({
      results: [1, 2].map((nth) => ({
        ...{ url: `https://p/${nth}`, title: `Page ${nth}` },
        text: `On potholes ${nth} [credential]`,
      })),
    });
    expect(server.seen.at(-1)).toMatchObject({
      ...{ method: 'GET', path: '/call?language=en&q=potholes+%26+co&format=json' },
      headers: { accept: 'application/json', authorization: 'Bearer searx-key' },
    });
    expect(JSON.stringify(box.told)).not.toContain('searx-key');
  });

  it('answers no pages where none are found', async () => {
    server.answer((_request, response) => response.end(JSON.stringify({ ...found, results: [] })));
    expect(await (await opened()).call('web_search', { query: 'x' })).toEqual({ results: [] });
  });

  it.each([
    ['that allows no JSON', 403, '<!doctype html>Forbidden', /403.*json.*settings\.yml/],
    ['that is asked too often', 429, 'Too Many Requests', /429/],
    ['that fails', 500, 'searx-key exploded', /500/],
    ['that answers a page for people', 200, '<!doctype html><html></html>', /cannot be read/],
    ['that answers another JSON', 200, '{"results": "none"}', /cannot be read/],
    ['that answers half of it', 200, '{"results": [{"url": "https:', /cannot be read/],
  ])('of a server %s is a tool error that says so', async (_name, status, body, sentence) => {
    server.answer((_request, response) => response.writeHead(status).end(body));
    const box = await opened();
    const refused = box.call('web_search', { query: 'x' });
    await expect(refused).rejects.toMatchObject({ failure: { code: 'tool_error' } });
    await expect(refused).rejects.toThrow(sentence);
    await expect(refused).rejects.not.toThrow(/searx-key/);
    expect(box.told.at(-1)).toMatchObject({ call: { errorCode: 'tool_error' } });
  });

  it('that takes too long is a tool error', async () => {
    server.answer(() => {});
    const late = (await opened()).call('web_search', { query: 'x' });
    await expect(late).rejects.toMatchObject({ failure: { code: 'tool_error' } });
    await expect(late).rejects.toThrow(/web_search cannot be called/);
  });

  it('passes over what is no page', async () => {
    const results = [null, 'text', page(1)];
    server.answer((_request, response) => response.end(JSON.stringify({ ...found, results })));
    expect(await (await opened()).call('web_search', { query: 'x' })).toMatchObject({
      results: { length: 1 },
    });
  });
});
