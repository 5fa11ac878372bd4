// The tools of the agents service between a real registry and an index of a few reports. Every name of a host leads to this machine.

import { create } from '@bufbuild/protobuf';
import { createClient, createRouterTransport } from '@connectrpc/connect';
import { ProxyTracerProvider } from '@opentelemetry/api';
import { createBreakerBoard } from '../../foundation/breaker/breaker-board.ts';
import { systemClock } from '../../foundation/clock.ts';
import { notFound } from '../../foundation/fault/fault.ts';
import type { Principal } from '../../foundation/identity/principal.ts';
import type { JsonObject } from '../../foundation/json/json.ts';
import { networkOf } from '../../foundation/net/address.ts';
import { createOutbound } from '../../foundation/net/outbound-fetch.ts';
import { toolCertificate } from '../../foundation/net/tool-certificate.for-test.ts';
import { createWatchedCache } from '../../foundation/rpc/watched-cache.ts';
import { createMetrics } from '../../foundation/telemetry/metrics.ts';
import { startTestDatabases } from '../../local/databases/test-databases.ts';
import { IndexService } from '../../proto/gen/domainflow/reports/v1/index_service_pb.js';
import { GetReportResponseSchema } from '../../proto/gen/domainflow/reports/v1/report_service_pb.js';
import type { MeshClients } from '../../services/agents/clients/mesh-clients.ts';
import type { AwsBackendSettings } from '../../services/agents/core/aws-backend-settings.ts';
import type { Gazetteer } from '../../services/agents/core/gazetteer.ts';
import { invocationForTest } from '../../services/agents/core/invocation.for-test.ts';
import type { RuntimeNotice } from '../../services/agents/core/invocation.ts';
import type { JsonValue } from '../../services/agents/core/skill.ts';
import type { WebSearchSettings } from '../../services/agents/core/web-search-settings.ts';
import { sampleIndex } from '../../services/agents/rpc/sample-index.for-test.ts';
import { loadNameRecognizer } from '../../services/agents/store/entity-model.ts';
import { loadSentimentModel } from '../../services/agents/store/sentiment-model.ts';
import type { ToolBox } from '../../services/agents/tools/agent-tool.ts';
import { createAmazonComprehend } from '../../services/agents/tools/amazon-comprehend.ts';
import { type AmazonLocation, createAmazonLocation } from '../../services/agents/tools/amazon-location.ts';
import { createArgumentsCheck } from '../../services/agents/tools/arguments-check.ts';
import { createOauthTokens } from '../../services/agents/tools/oauth-tokens.ts';
import { createOpenTools } from '../../services/agents/tools/open-tools.ts';
import { createToolBreakers } from '../../services/agents/tools/tool-breakers.ts';
import { createTownLookup } from '../../services/agents/tools/town-lookup.ts';
import { type RegistryForTest, startRegistryForTest } from '../../services/registry/app.for-test.ts';
import { insertAgent } from '../../services/registry/store/rows.for-test.ts';

/** The stage. */
export interface ToolStage {
  readonly registry: RegistryForTest;
  /** A tenant with these tools and an agent that was granted these names. */
  tenantWith(tools: readonly JsonObject[], granted: readonly string[]): Promise<TenantAgent>;
  close(): Promise<void>;
}

/** An agent of a tenant of its own. */
export interface TenantAgent {
  readonly own: Principal;
  readonly agentId: string;
  revoke(toolName: string): Promise<unknown>;
  /** Opens what a run of this class has of these names. */
  open(tools: readonly string[], run?: RunForTest): Promise<OpenForTest>;
}

/** The run that tools are opened for. */
export interface RunForTest {
  /** [query] */
  readonly capability?: string;
  /** [civic_complaints] */
  readonly domainId?: string;
}

/** Open tools and what was told of them. */
export interface OpenForTest extends ToolBox {
  readonly told: readonly RuntimeNotice[];
  call(name: string, given?: JsonObject, signal?: AbortSignal): Promise<JsonValue>;
}

/** What differs from the plain stage. */
export interface StageOptions {
  readonly webSearch?: WebSearchSettings;
  /** Time for a search, in milliseconds; absent for the usual one. */
  readonly webSearchMs?: number;
  /** Amazon Location behind location_service; absent for a lookup that knows one town. */
  readonly location?: AwsBackendSettings;
  /** Amazon Comprehend behind comprehend; absent for the platform's own rules. */
  readonly comprehend?: AwsBackendSettings;
  /** Time for a call of a tool with an AWS service behind it, in milliseconds; absent for the usual one. */
  readonly awsMs?: number;
}

/** Starts the stage on a database of its own. Waits between repeated calls take no time. */
export async function startToolStage(options: StageOptions = {}): Promise<ToolStage> {
  const { webSearch, webSearchMs } = options;
  const databases = await startTestDatabases();
  const registry = await startRegistryForTest(await databases.createDatabase('registry_tools'));
  const kept = createWatchedCache({
    watch: (signal) => registry.changes.watchChanges({}, { ...registry.asService('agents'), signal }),
    ...{ clock: systemClock, sizeMax: 1_000 },
  });
  const here = networkOf('127.0.0.1');
  const resolve = async (name: string) => (name === 'inside.example' ? ['10.0.0.1'] : ['127.0.0.1']);
  const outbound = createOutbound({ allowed: here ? [here] : [], resolve, ca: toolCertificate });
  const places = placesOf(options);
  const { comprehend: reader, awsMs } = options;
  const comprehend = reader && createAmazonComprehend(awsDeps(reader, awsMs));
  const openTools = createOpenTools({
    ...{ kept, clients: clientsOf(registry), access: registry.access },
    agentTokens: { mint: (principal) => agentToken(registry, principal) },
    tracer: new ProxyTracerProvider().getTracer('test'),
    http: {
      ...{ outbound, clock: systemClock, chance: () => 0, pause: async () => {} },
      tokens: createOauthTokens({ outbound, nowMs: systemClock }),
      breakerOf: createToolBreakers(
        createBreakerBoard({
          metrics: createMetrics({ processMetrics: false }),
          nowMs: systemClock,
          log: { info: () => undefined, warn: () => undefined },
        }),
      ),
    },
    webSearch: { outbound, settings: webSearch, ...(webSearchMs ? { callMs: webSearchMs } : {}) },
    ...{ places, comprehend },
    models: { names: loadNameRecognizer(), sentiment: loadSentimentModel(), categories: new Map() },
    checkArguments: createArgumentsCheck(),
  });
  return {
    registry,
    tenantWith: async (tools, granted) => {
      const own = await registry.newTenant();
      for (const definition of tools) await registry.tools.createTool({ definition }, registry.as(own));
      const agentId = await insertAgent(registry.admin, own);
      for (const toolName of granted)
        await registry.access.grantToolAccess({ agentId, toolName }, registry.as(own));
      const revoke = (toolName: string) =>
        registry.access.revokeToolAccess({ agentId, toolName }, registry.as(own));
      const open = (names: readonly string[], run: RunForTest = {}) =>
        openFor({ registry, openTools }, { own, agentId, names, ...run });
      return { own, agentId, revoke, open };
    },
    close: async () => {
      await kept.close();
      await places.close();
      await comprehend?.close();
      await outbound.close();
      await registry.close();
      await databases.stop();
    },
  };
}

const wokha = {
  name: 'Wokha',
  country: 'IN',
  admin1: 'Nagaland',
  point: [94.26, 26.1] as const,
  confidence: 0.9,
};

function placesOf({ location, awsMs }: StageOptions): AmazonLocation {
  if (location) return createAmazonLocation(awsDeps(location, awsMs));
  return {
    ...createTownLookup(noGazetteer),
    geocode: async () => [wokha],
    reverseGeocode: async () => [{ ...wokha, distanceKm: 3.25 }],
    close: async () => {},
  };
}

function awsDeps(settings: AwsBackendSettings, callMs: number | undefined) {
  const metrics = createMetrics({ processMetrics: false });
  return { settings, metrics, nowMs: systemClock, ...(callMs ? { callMs } : {}) };
}

const noGazetteer: Gazetteer = {
  ...{ find: () => [], has: () => false, near: () => [] },
  ...{ divisionName: () => '', originOf: () => undefined },
};

interface Opening extends RunForTest {
  readonly own: Principal;
  readonly agentId: string;
  readonly names: readonly string[];
}

interface Stage {
  readonly registry: RegistryForTest;
  readonly openTools: ReturnType<typeof createOpenTools>;
}

async function openFor({ registry, openTools }: Stage, opening: Opening): Promise<OpenForTest> {
  const { own, agentId, names, capability = 'query', domainId = 'civic_complaints' } = opening;
  const principal = { ...own, run: { runId: 'job_1', capability, writeTarget: '' } };
  const told: RuntimeNotice[] = [];
  const { signal } = new AbortController();
  const box = await openTools(invocationForTest({ agentId, tools: names, domainId }), {
    ...{ principal, tenantId: own.tenantId, capability, signal },
    callOptions: () => registry.as(principal),
    timeLeftMs: () => 60_000,
    tell: (notice) => void told.push(notice),
  });
  return {
    ...{ ...box, told },
    call: async (name, given = {}, ends = signal) => {
      const tool = box.tools.find((one) => one.name === name);
      if (!tool) throw new Error(`${name} is not offered`);
      return tool.run(given, ends);
    },
  };
}

/** The first report of the index has two images, the others are gone. */
async function getSampleReport({ incidentId }: { readonly incidentId?: string }) {
  if (incidentId !== 'inc_1') throw notFound('report');
  const stored = { url: 'https://store.example/1?signature=s', contentType: 'image/png', verified: true };
  const waiting = { url: '', objectKey: 'k', contentType: 'image/png' };
  const report = { incidentId, images: [stored, { url: 'https://else.example/2' }, waiting] };
  return create(GetReportResponseSchema, { report });
}

function clientsOf({ tenants, access, changes, usage }: RegistryForTest): MeshClients {
  const transport = createRouterTransport((router) => void router.service(IndexService, sampleIndex));
  const index = createClient(IndexService, transport);
  const reports = { getReport: getSampleReport } as unknown as MeshClients['reports'];
  return { tenants, access, changes, usage, index, reports, toRegistry: transport, close: () => {} };
}

function agentToken(registry: RegistryForTest, principal: Principal | undefined): string {
  if (!principal) throw new Error('Tools are called for runs');
  const { authorization = '' } = registry.asAgentsFor(principal).headers as Record<string, string>;
  return authorization.replace('Bearer ', '');
}
