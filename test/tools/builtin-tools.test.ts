// The tools of the platform as models are given them: described by a real registry, over an index of three reports.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../foundation/json/json.ts';
import type { WebSearchSettings } from '../../services/agents/core/web-search-settings.ts';
import { builtinTools } from '../../services/registry/store/seed/builtin-tools.ts';
import { startToolServer, type ToolServer } from './tool-server.for-test.ts';
import { type OpenForTest, startToolStage, type ToolStage } from './tool-stage.for-test.ts';

const names = builtinTools.map(({ toolName }) => toolName);

let server: ToolServer;
let stage: ToolStage;
beforeAll(async () => {
  server = await startToolServer();
  const webSearch: WebSearchSettings = {
    ...{ kind: 'brave', url: `${server.origin}/call` },
    apiKey: { kind: 'text', text: 'search-key' },
  };
  stage = await startToolStage({ webSearch });
}, 60_000);
afterAll(async () => {
  await stage?.close();
  await server?.close();
});

async function opened(domainId = 'civic_complaints'): Promise<OpenForTest> {
  return (await stage.tenantWith([], names)).open(names, { domainId });
}

describe('the tools of the platform', () => {
  it('are offered as they are granted, all but the model itself, in a form that providers take', async () => {
    const { tools } = await opened();
    expect(tools.map(({ name }) => name).sort()).toEqual(names.filter((name) => name !== 'bedrock').sort());
    for (const { parameters, effect, description } of tools) {
      expect(effect).toBe('read');
      expect(description.length).toBeGreaterThan(20);
      expect(parameters).toMatchObject({ type: 'object', properties: expect.any(Object) });
      expect(Object.keys(parameters)).not.toContain('anyOf');
    }
  });

  it('are refused from the moment that their permission is revoked', async () => {
    const tenant = await stage.tenantWith([], names);
    const box = await tenant.open(names);
    await tenant.revoke('retrieval_api');
    const isOffered = async () =>
      (await tenant.open(names)).tools.some(({ name }) => name === 'retrieval_api');
    while (await isOffered()) expect(box.told).toEqual([]);
    const refusal = box.call('retrieval_api', { limit: 1 });
    await expect(refusal).rejects.toMatchObject({ reason: 'permission_denied' });
  });

  it('ask about no reports in a run without a domain', async () => {
    const box = await opened('');
    await expect(box.call('retrieval_api', { limit: 1 })).rejects.toMatchObject({
      reason: 'failed_precondition',
    });
    expect(await box.call('comprehend', { text: 'Bad', operation: 'sentiment' })).toMatchObject({
      sentiment: 'negative',
    });
  });

  it.each<[string, JsonObject]>([
    ['retrieval_api', { limit: 101 }],
    ['retrieval_api', { limit: 1, domain_id: 'another' }],
    [
      'spatial_api',
      {
        polygon: [
          [-71, 42],
          [-71, 43],
        ],
        limit: 1,
      },
    ],
    ['analytics_api', { text: 'potholes' }],
    ['vector_search', { query: 'x', top_k: 101 }],
    ['location_service', { operation: 'geocode' }],
    ['location_service', { operation: 'calculate_route', position: [0, 0] }],
    ['comprehend', { operation: 'sentiment', text: 'x'.repeat(10_001) }],
    ['comprehend', { operation: 'sentiment', text: 'Das ist schlecht', language: 'de' }],
    ['comprehend', { operation: 'sentiment', text: 'x', language: 'xx' }],
    ['web_search', { query: 'x', max_results: 21 }],
  ])('%s does not take %j', async (name, given) => {
    const box = await opened();
    await expect(box.call(name, given)).rejects.toMatchObject({ reason: 'invalid_argument' });
  });
});

describe('questions to the reports', () => {
  it('answer reports, counts and positions', async () => {
    const box = await opened();
    expect(await box.call('retrieval_api', { text: 'pothole', limit: 5 })).toMatchObject({
      total: 200,
      reports: [{ incident_id: 'inc_1' }, { incident_id: 'inc_2' }],
    });
    expect(await box.call('aggregation_api', { group_by: 'status', limit: 5 })).toEqual({
      total: 200,
      groups: [{ key: 'a status', count: 200 }],
    });
    expect(await box.call('spatial_api', { near: [-71.11, 42.31], limit: 5 })).toMatchObject({
      total: 300,
      points: [{ incident_id: 'inc_1' }, {}, {}],
    });
  });

  it('answer links to images where they are asked for, of reports that are still there', async () => {
    const box = await opened();
    const images = [
      { url: 'https://store.example/1?signature=s', content_type: 'image/png', verified: true },
      { url: 'https://else.example/2', content_type: '', verified: false },
    ];
    const given = { text: 'pothole', limit: 5 };
    expect(await box.call('retrieval_api', { ...given, image_links: true })).toMatchObject({
      reports: [
        { incident_id: 'inc_1', images },
        { incident_id: 'inc_2', images: [] },
      ],
    });
    expect(JSON.stringify(await box.call('retrieval_api', given))).not.toContain('images');
  });

  it('answer a series with its trend and peak, patterns, and what goes together', async () => {
    const box = await opened();
    const series = await box.call('analytics_api', { bucket: 'day', time_zone: 'UTC' });
    expect(series).toMatchObject({
      total: 300,
      trend: { direction: expect.any(String), first: 100 },
      peak: { count: 100 },
    });
    const patterns = { group_by: 'ingestion_data.key_phrases', limit: 50 };
    expect(await box.call('analytics_api', patterns)).toMatchObject({ total: 200 });
    const pairs = { ...patterns, correlate_with: 'status' };
    // The index of this test has one value that all reports share: nothing goes together by more than chance.
    expect(await box.call('analytics_api', pairs)).toEqual({ total: 200, correlations: [] });
  });
});

describe('vector_search', () => {
  it('answers reports in like words, closest first, and says what it compares', async () => {
    const box = await opened();
    const found = await box.call('vector_search', { query: 'a pothole near the school', min_score: 0 });
    expect(found).toMatchObject({
      similarity: 'words',
      reports: [{ incident_id: 'inc_2' }, { incident_id: 'inc_1' }],
    });
  });

  it('answers ten of at least 0.7 unless something else is asked for', async () => {
    const box = await opened();
    const exact = await box.call('vector_search', { query: 'pothole school' });
    expect(exact).toMatchObject({ reports: [{ incident_id: 'inc_2', score: 1 }] });
    expect(await box.call('vector_search', { query: 'pothole school flood' })).toMatchObject({ reports: [] });
    const one = await box.call('vector_search', { query: 'pothole', top_k: 1 });
    expect((one as { readonly reports: readonly unknown[] }).reports).toHaveLength(1);
  });
});

describe('comprehend', () => {
  it.each([
    ['sentiment', { sentiment: 'negative' }],
    ['key_phrases', { key_phrases: expect.arrayContaining([expect.stringContaining('pothole')]) }],
    ['entities', { entities: expect.arrayContaining([{ text: 'Boston', type: 'place' }]) }],
  ])('answers %s', async (operation, expected) => {
    const box = await opened();
    const text = 'A terrible deep pothole in Boston has hurt people again.';
    expect(await box.call('comprehend', { text, operation })).toMatchObject({
      ...expected,
      rules: 'builtin',
    });
  });
});

describe('location_service', () => {
  it('answers places by name, those of the tenant first', async () => {
    const { own, open } = await stage.tenantWith([], names);
    const places = [{ name: 'Depot', aliases: ['Wokha'], point: { longitude: 1, latitude: 2 } }];
    await stage.registry.tenants.updateTenantSettings({ settings: { places } }, stage.registry.as(own));
    const box = await open(names);
    expect(await box.call('location_service', { operation: 'geocode', address: 'wokha' })).toMatchObject({
      places: [
        { name: 'Depot', position: [1, 2], confidence: 1, source: 'tenant' },
        { name: 'Wokha', country: 'IN', position: [94.26, 26.1], source: 'gazetteer' },
      ],
    });
    expect(
      await box.call('location_service', { operation: 'reverse_geocode', position: [1.01, 2] }),
    ).toMatchObject({
      places: [
        { name: 'Depot', distance_km: 1.1 },
        { name: 'Wokha', distance_km: 3.3 },
      ],
    });
  });

  it('answers the great circle between two positions, and says so', async () => {
    const box = await opened();
    const given = { operation: 'calculate_route', position: [0, 0], destination: [90, 0] };
    expect(await box.call('location_service', given)).toEqual({
      ...{ distance_km: 10_007.5, bearing_degrees: 90, method: 'great_circle' },
    });
  });
});

describe('web_search', () => {
  it('asks the search service with the key of the deployment, which nobody is told', async () => {
    server.answer((_request, response) => {
      const results = [1, 2, 3, 4, 5, 6].map((nth) => ({
        title: `Page ${nth}`,
        url: `https://p/${nth}`,
        description: 'search-key',
      }));
      response.end(JSON.stringify({ web: { results } }));
    });
    const box = await opened();
    const answer = await box.call('web_search', { query: 'potholes & co' });
    expect(answer).toMatchObject({ results: { length: 5, 0: { title: 'Page 1', text: '[credential]' } } });
    expect(server.seen.at(-1)).toMatchObject({
      method: 'GET',
      path: '/call?q=potholes+%26+co&count=5',
      headers: { 'x-subscription-token': 'search-key' },
    });
  });
});
