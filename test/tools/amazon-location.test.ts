// location_service with Amazon Location behind it, as an agent calls it: the service's requests and answers on the wire, and everything that
// can go wrong.
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { JsonObject, JsonValue } from '../../foundation/json/json.ts';
import { type AwsBehaviour, type AwsServer, startAwsServer } from './aws-server.for-test.ts';
import { type OpenForTest, startToolStage, type ToolStage } from './tool-stage.for-test.ts';

// The SDK waits for real before it asks again.
jest.setTimeout(30_000);

let server: AwsServer;
let stage: ToolStage;
beforeAll(async () => {
  server = await startAwsServer();
  stage = await startToolStage({ location: { region: 'eu-central-1', endpoint: server.url } });
}, 60_000);
afterAll(async () => {
  await stage?.close();
  await server?.close();
});

const tools = ['location_service'];
const opened = async (on = stage): Promise<OpenForTest> => (await on.tenantWith([], tools)).open(tools);
const secret = 'Umbrage Row';
const geocode = { operation: 'geocode', address: secret };
const route = { operation: 'calculate_route', position: [-71.06, 42.36], destination: [-71.11, 42.37] };
const answer = (body: JsonValue): AwsBehaviour => ({ kind: 'answer', body });

/** A place as the service tells it. */
const item = {
  ...{ PlaceId: 'AQAAAF', PlaceType: 'PointAddress', Title: '12 Main St, Boston, MA 02129, United States' },
  Address: {
    Label: '12 Main St, Boston, MA 02129, United States',
    Country: { Code2: 'US', Code3: 'USA', Name: 'United States' },
    Region: { Code: 'MA', Name: 'Massachusetts' },
    ...{ SubRegion: { Name: 'Suffolk' }, Locality: 'Boston', Street: 'Main St', AddressNumber: '12' },
  },
  Position: [-71.06312, 42.37284],
  MapView: [-71.0643, 42.3719, -71.0619, 42.3737],
};
const described = { name: item.Title, country: 'US', admin1: 'Massachusetts', position: item.Position };

/** The whole of what an agent is told and what watchers of its run are. */
async function failureOf(call: Promise<unknown>, box: OpenForTest): Promise<string> {
  await expect(call).rejects.toMatchObject({ failure: { code: 'tool_error' } });
  expect(box.told.at(-1)).toMatchObject({ call: { errorCode: 'tool_error' } });
  return call.then(
    () => '',
    (error: Error) => `${error.message} ${JSON.stringify(error.cause ?? '')}`,
  );
}

describe('places by name', () => {
  it('are asked for by signed REST, as ones that are kept, and told as those of the gazetteer are', async () => {
    const scored = { ...item, MatchScores: { Overall: 0.987, Components: { Address: { Locality: 1 } } } };
    server.meet(answer({ ResultItems: [scored, { ...item, Title: 'Main St' }] }));
    const box = await opened();
    expect(
      await box.call('location_service', { operation: 'geocode', address: '12 Main St, Boston' }),
    ).toEqual({
      places: [
        { ...described, confidence: 0.99, source: 'amazon-location' },
        { ...described, name: 'Main St', confidence: null, source: 'amazon-location' },
      ],
    });
    const [request] = server.seen.slice(-1);
    expect(request?.operation).toBe('POST /v2/geocode');
    expect(request?.body).toEqual({
      ...{ QueryText: '12 Main St, Boston', MaxResults: 10, IntendedUse: 'Storage' },
    });
    const signed = /^AWS4-HMAC-SHA256 Credential=emulator\/\d{8}\/eu-central-1\/geo-places\/aws4_request,/;
    expect(request?.headers.authorization).toMatch(signed);
  });

  it('come after those of the tenant, and those about its home are preferred', async () => {
    server.meet(answer({ ResultItems: [item] }));
    const { own, open } = await stage.tenantWith([], tools);
    const point = { longitude: 1, latitude: 2 };
    const settings = {
      places: [{ name: 'Depot', aliases: ['The Yard'], point }],
      homeArea: { name: 'Home', point: { longitude: -71, latitude: 42 } },
    };
    await stage.registry.tenants.updateTenantSettings({ settings }, stage.registry.as(own));
    const box = await open(tools);
    const found = await box.call('location_service', { operation: 'geocode', address: 'the yard' });
    expect(found).toMatchObject({
      places: [
        { name: 'Depot', position: [1, 2], confidence: 1, source: 'tenant' },
        { name: item.Title, source: 'amazon-location' },
      ],
    });
    expect(server.seen.at(-1)?.body.BiasPosition).toEqual([-71, 42]);
  });

  it.each<[string, JsonObject]>([
    ['no results', { ResultItems: [] }],
    ['an answer that lists none', {}],
    ['results without a position or a name', { ResultItems: [{ Title: 'x' }, { Position: [1, 2] }, {}] }],
    [
      'positions that are none',
      {
        ResultItems: [
          { Title: 'x', Position: [200, 1] },
          { Title: 'y', Position: [] },
        ],
      },
    ],
  ])('are none for %s', async (_name, body) => {
    server.meet(answer(body));
    expect(await (await opened()).call('location_service', geocode)).toEqual({ places: [] });
  });

  it('are not asked for with a text that the service would not take', async () => {
    const before = server.seen.length;
    const box = await opened();
    const long = box.call('location_service', { operation: 'geocode', address: 'x'.repeat(201) });
    await expect(long).rejects.toMatchObject({
      reason: 'invalid_argument',
      violations: [{ field: 'address' }],
    });
    expect(await box.call('location_service', { operation: 'geocode', address: ' ' })).toEqual({
      places: [],
    });
    expect(server.seen).toHaveLength(before);
  });
});

describe('places near a position', () => {
  it('are told with how far they are', async () => {
    const { Position: _, ...nowhere } = item;
    server.meet(answer({ ResultItems: [{ ...item, Distance: 1_240 }, nowhere] }));
    const given = { operation: 'reverse_geocode', position: [-71.05, 42.38] };
    expect(await (await opened()).call('location_service', given)).toEqual({
      places: [{ ...described, distance_km: 1.2, source: 'amazon-location' }],
    });
    expect(server.seen.at(-1)).toMatchObject({
      operation: 'POST /v2/reverse-geocode',
      body: { QueryPosition: [-71.05, 42.38], MaxResults: 10, IntendedUse: 'Storage' },
    });
  });

  it('are measured here where the service does not say', async () => {
    server.meet(answer({ ResultItems: [item] }));
    const given = { operation: 'reverse_geocode', position: [-71.06312, 42.38284] };
    expect(await (await opened()).call('location_service', given)).toMatchObject({
      places: [{ distance_km: 1.1 }],
    });
  });
});

describe('the way between two positions', () => {
  it('is that of a car on roads, with the time it takes', async () => {
    const leg = { Geometry: { Polyline: 'BFoz5xJ67i1B' }, TravelMode: 'Car', Type: 'Vehicle' };
    const best = { Legs: [leg], MajorRoadLabels: [], Summary: { Distance: 5_263, Duration: 754 } };
    server.meet(answer({ LegGeometryFormat: 'FlexiblePolyline', Notices: [], Routes: [best] }));
    expect(await (await opened()).call('location_service', route)).toEqual({
      ...{ distance_km: 5.3, bearing_degrees: 285, method: 'road', duration_minutes: 13 },
    });
    const [request] = server.seen.slice(-1);
    expect(request).toMatchObject({
      operation: 'POST /v2/routes',
      body: { Origin: [-71.06, 42.36], Destination: [-71.11, 42.37], LegAdditionalFeatures: ['Summary'] },
    });
    expect(request?.headers.authorization).toContain('/eu-central-1/geo-routes/aws4_request');
  });

  it('is a tool error where there is none', async () => {
    server.meet(answer({ LegGeometryFormat: 'FlexiblePolyline', Notices: [], Routes: [] }));
    const box = await opened();
    expect(await failureOf(box.call('location_service', route), box)).toContain('knows no way by road');
  });
});

describe('a service that fails', () => {
  const throttled: AwsBehaviour = { kind: 'error', status: 429, name: 'ThrottlingException' };
  const broken: AwsBehaviour = { kind: 'error', status: 500, name: 'InternalServerException' };

  it('is asked again by the SDK', async () => {
    server.meet(throttled, broken, { kind: 'cut' }, answer({ ResultItems: [item] }));
    const before = server.seen.length;
    expect(await (await opened()).call('location_service', geocode)).toMatchObject({ places: [{}] });
    expect(server.seen.length - before).toBe(4);
  });

  it.each<[string, AwsBehaviour, RegExp, number]>([
    ['that is asked too often', throttled, /more often than it allows: .*quotas/, 4],
    ['that breaks', broken, /answered 500: .*LOCATION_REGION, LOCATION_ENDPOINT/, 4],
    [
      'that refuses what was asked',
      {
        ...{ kind: 'error', status: 400, name: 'ValidationException' },
        fields: { Reason: 'FieldValidationFailed', FieldList: [{ Name: 'QueryText', Message: secret }] },
      },
      /does not take the request \(400 ValidationException, FieldValidationFailed\)/,
      1,
    ],
    [
      'that refuses access',
      { kind: 'error', status: 403, name: 'AccessDeniedException' },
      /allow geo-places:Geocode to the AWS identity/,
      1,
    ],
    [
      'that does not know the identity',
      { kind: 'error', status: 403, name: 'UnrecognizedClientException' },
      /does not accept the AWS identity .*UnrecognizedClientException.*credentials/,
      1,
    ],
    ['that answers no JSON', { kind: 'text', status: 200, text: `<html>${secret}` }, /cannot be read/, 1],
    [
      'that answers a page with its fault',
      { kind: 'text', status: 502, text: `<p>${secret}` },
      /answered 502/,
      4,
    ],
    ['that answers another JSON', answer({ ResultItems: { x: secret } }), /cannot be read/, 1],
    [
      'that answers without end',
      answer({ ResultItems: [], Rest: 'x'.repeat(1_048_577) }),
      /cannot be read/,
      1,
    ],
  ])(
    '%s is a tool error that names the setting, and nothing of the text',
    async (_name, behaviour, said, asked) => {
      server.meet(behaviour);
      const before = server.seen.length;
      const box = await opened();
      const sentence = await failureOf(box.call('location_service', geocode), box);
      expect(sentence).toMatch(said);
      expect(sentence).toContain('LOCATION_BACKEND=amazon-location');
      expect(sentence).not.toContain(secret);
      expect(server.seen.length - before).toBe(asked);
    },
  );
});

describe('the identity of the service', () => {
  const names = [
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_CONFIG_FILE',
    'AWS_SHARED_CREDENTIALS_FILE',
  ];
  const before = Object.entries(process.env).filter(([name]) => name.startsWith('AWS_'));
  afterEach(() => {
    for (const name of [...names, 'AWS_EC2_METADATA_DISABLED']) delete process.env[name];
    Object.assign(process.env, Object.fromEntries(before));
  });

  it.each([
    [
      'is that of the process, found in its environment',
      { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
      /cannot be reached/,
    ],
    ['is missed in a sentence that says what to give', {}, /no AWS identity is found: .*AWS_ACCESS_KEY_ID/],
  ])('%s', async (_name, settings, said) => {
    const nothing = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
    for (const [name] of before) delete process.env[name];
    Object.assign(process.env, { ...nothing, AWS_EC2_METADATA_DISABLED: 'true', ...settings });
    const endpoint = server.url.replace('http:', 'https:');
    const real = await startToolStage({ location: { region: 'eu-central-1', endpoint } });
    try {
      const box = await opened(real);
      expect(await failureOf(box.call('location_service', geocode), box)).toMatch(said);
    } finally {
      await real.close();
    }
  });
});

describe('a service that is away', () => {
  it('is a tool error, and after five of them is left alone', async () => {
    const gone = await startAwsServer();
    await gone.close();
    const alone = await startToolStage({ location: { region: 'eu-central-1', endpoint: gone.url } });
    try {
      const box = await opened(alone);
      for (let calls = 0; calls < 5; calls += 1) {
        const sentence = await failureOf(box.call('location_service', geocode), box);
        expect(sentence).toMatch(/cannot be reached \(ECONNREFUSED\): .*LOCATION_ENDPOINT/);
      }
      const refused = box.call('location_service', geocode);
      await expect(refused).rejects.toMatchObject({
        reason: 'unavailable',
        retryAfterMs: expect.any(Number),
      });
    } finally {
      await alone.close();
    }
  });

  it('that hangs is given up in time, and at once when the call is not wanted any more', async () => {
    const hanging = await startToolStage({
      ...{ location: { region: 'eu-central-1', endpoint: server.url }, awsMs: 300 },
    });
    try {
      server.meet({ kind: 'hang' });
      const box = await opened(hanging);
      const sentence = await failureOf(box.call('location_service', geocode), box);
      expect(sentence).toMatch(/did not answer within 0\.3 s: .*LOCATION_REGION/);
      const unwanted = new AbortController();
      const call = box.call('location_service', geocode, unwanted.signal);
      unwanted.abort(new Error('not wanted'));
      await expect(call).rejects.toThrow('not wanted');
    } finally {
      await hanging.close();
    }
  });
});
