// The tools of one attempt: what the agent lists, was granted, and may use in this class of run, described by the registry and called on the
// leash. What each tool does is known elsewhere.
import type { Tracer } from '@opentelemetry/api';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { WatchedCache } from '../../../foundation/rpc/watched-cache.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import type { EntityModels } from '../core/entity/entity-skill.ts';
import type { Invocation } from '../core/invocation.ts';
import type { JsonObject } from '../core/skill.ts';
import { mayCall } from '../core/tool-effect.ts';
import type { AgentTool, OpenedTool, ToolBox, ToolCircumstances } from './agent-tool.ts';
import type { AmazonComprehend } from './amazon-comprehend.ts';
import type { ArgumentsCheck } from './arguments-check.ts';
import { createComprehendTool } from './comprehend-tool.ts';
import { callHttpTool } from './http-tool.ts';
import { withImageLinks } from './image-links.ts';
import { createLocationTool, type PlaceLookup } from './location-tool.ts';
import { type McpToolsDeps, openServer } from './mcp-tools.ts';
import { createReportIndex } from './report-index.ts';
import { type AnswerTool, createReportTools } from './report-tools.ts';
import { readTenantKnowledge } from './tenant-knowledge.ts';
import { verifyAccess } from './tool-access.ts';
import { readToolDefinition, type ToolDefinition, type WantedTool } from './tool-definitions.ts';
import { type RegistryReach, readToolGrants } from './tool-grants.ts';
import { createToolLeash } from './tool-leash.ts';
import { createVectorSearch } from './vector-search.ts';
import { createWebSearch, type WebSearchDeps } from './web-search.ts';

/** What tools are opened with. */
export interface OpenToolsDeps extends McpToolsDeps {
  readonly clients: MeshClients;
  /** What the registry answered, for as long as it would tell of a change. */
  readonly kept: WatchedCache;
  readonly webSearch: WebSearchDeps;
  readonly places: PlaceLookup;
  /** Undefined where texts are read by the platform's own rules. */
  readonly comprehend: AmazonComprehend | undefined;
  readonly models: EntityModels;
  readonly checkArguments: ArgumentsCheck;
  readonly tracer: Tracer;
}

/** The language model is no tool that a model could call. */
const implicitTool = 'bedrock';

/** Opens the tools of an attempt. Faults of the registry pass through: what cannot be found out is not granted. */
export function createOpenTools(
  deps: OpenToolsDeps,
): (invocation: Invocation, circumstances: ToolCircumstances) => Promise<ToolBox> {
  return async (invocation, circumstances) => {
    const names = [...new Set(invocation.tools)].filter((name) => name !== implicitTool);
    if (names.length === 0) return { tools: [], close: async () => {} };
    const registry = reachOf(deps, circumstances);
    const granted = await readToolGrants(invocation.agentId, registry);
    const wanted = names
      .filter((name) => granted.has(name))
      .map((name) => ({ agentId: invocation.agentId, name }));
    const described = await Promise.all(
      wanted.map(async (one) => ({ one, definition: await readToolDefinition(one, registry) })),
    );
    const usable = described.flatMap(({ one, definition }) =>
      definition && mayCall(circumstances.capability, definition.effect) ? [{ one, definition }] : [],
    );
    const own = usable.filter(({ definition }) => !definition.isMcpServer);
    const builtin = createBuiltinTools(deps, invocation, circumstances);
    const single = own.flatMap(({ one, definition }) =>
      openedTool({
        one,
        definition,
        answer: definition.isBuiltin ? builtin(one) : tenantTool(deps, one, circumstances),
      }),
    );
    const servers = await Promise.all(
      byServer(usable).map((server) => openServer(deps, server, circumstances)),
    );
    const leashed = leash(deps, invocation, { circumstances, granted });
    return {
      tools: [...single, ...servers.flatMap(({ tools }) => tools)].map(leashed),
      close: async () => void (await Promise.allSettled(servers.map((server) => server.close()))),
    };
  };
}

function reachOf(
  { clients, kept }: OpenToolsDeps,
  { tenantId, callOptions }: ToolCircumstances,
): RegistryReach {
  return { clients, kept, tenantId, callOptions };
}

interface Described {
  readonly one: WantedTool;
  readonly definition: ToolDefinition;
}

function byServer(described: readonly Described[]) {
  const servers = described.filter(({ definition }) => definition.isMcpServer);
  return [...Map.groupBy(servers, ({ definition }) => definition.toolName).values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ server: first.definition, wanted: group.map(({ one }) => one) }] : [];
  });
}

type Answer = OpenedTool['answer'];

function openedTool({
  one,
  definition,
  answer,
}: Described & { readonly answer: Answer | undefined }): OpenedTool[] {
  const { description, parameters, effect } = definition;
  return answer ? [{ name: one.name, description, parameters, effect, answer }] : [];
}

/** A tool of the tenant's own, which is asked for anew with every call. */
function tenantTool(deps: OpenToolsDeps, one: WantedTool, circumstances: ToolCircumstances): Answer {
  const { tenantId } = circumstances;
  return async (given, signal) => {
    const access = await verifyAccess(deps, one, circumstances);
    return callHttpTool(deps.http, { ...access, tenantId, arguments: given, signal });
  };
}

/** The tools of the platform by name; undefined for one that this version does not have. */
function createBuiltinTools(deps: OpenToolsDeps, invocation: Invocation, circumstances: ToolCircumstances) {
  const { domainId, settingsRevision } = invocation;
  const registry = reachOf(deps, circumstances);
  const index = createReportIndex({
    ...{ index: deps.clients.index, domainId, callOptions: circumstances.callOptions },
  });
  const knowledge = () => readTenantKnowledge(registry, settingsRevision);
  const { callOptions } = circumstances;
  const { retrieval_api: retrieve, ...tools } = createReportTools(index);
  const ofReports = {
    ...{ ...tools, vector_search: createVectorSearch(index) },
    retrieval_api: withImageLinks(retrieve, { reports: deps.clients.reports, callOptions }),
  };
  const reading = {
    models: deps.models,
    placesOf: async () => (await knowledge()).places,
    amazon: deps.comprehend,
  };
  const whileAsked = {
    comprehend: (signal: AbortSignal) => createComprehendTool(reading, signal),
    location_service: (signal: AbortSignal) => createLocationTool({ places: deps.places, knowledge }, signal),
    web_search: (signal: AbortSignal) => createWebSearch(deps.webSearch, signal),
  };
  const askable = Object.entries(ofReports).map(
    ([name, answer]) => [name, inDomain(domainId, answer)] as const,
  );
  const others = Object.entries(whileAsked).map(([name, toolFor]): [string, Answer] => [
    name,
    (given, signal) => toolFor(signal)(given),
  ]);
  const known = new Map<string, Answer>([...askable, ...others]);
  return (one: WantedTool): Answer | undefined => {
    const answer = known.get(one.name);
    return (
      answer &&
      (async (given, signal) => {
        await requireGranted(one, registry);
        return answer(given, signal);
      })
    );
  };
}

function inDomain(domainId: string, answer: AnswerTool): AnswerTool {
  if (domainId !== '') return answer;
  return async () => {
    throw new Fault('failed_precondition', 'The run belongs to no domain whose reports could be asked');
  };
}

/** Asked with every call, since a permission may be revoked while an attempt runs. */
async function requireGranted({ agentId, name }: WantedTool, registry: RegistryReach): Promise<void> {
  if ((await readToolGrants(agentId, registry)).has(name)) return;
  throw new Fault('permission_denied', `The agent may not call the tool ${name}: it was not granted to it`);
}

interface LeashedFor {
  readonly circumstances: ToolCircumstances;
  readonly granted: ReadonlySet<string>;
}

/** Puts tools on one leash: that of the task. */
function leash(
  { tracer, checkArguments }: OpenToolsDeps,
  { tools, toolCalls: allowance }: Invocation,
  { circumstances, granted }: LeashedFor,
): (tool: OpenedTool) => AgentTool {
  const { capability, tell } = circumstances;
  const call = createToolLeash({
    ...{ tracer, tools, granted, capability, allowance },
    tell: (notice) => tell({ kind: 'tool_call', call: notice }),
  });
  return ({ name, description, parameters, effect, answer }) => ({
    ...{ name, description, effect, parameters: shownParameters(parameters) },
    run: (given, signal) =>
      call({
        ...{ toolName: name, effect, arguments: given },
        run: async () => {
          signal.throwIfAborted();
          checkArguments(given, parameters);
          return answer(given, signal);
        },
      }),
  });
}

/** Providers take an object's schema without choices at its top; arguments are checked against the whole one all the same. */
function shownParameters({
  anyOf: _,
  oneOf: __,
  allOf: ___,
  $schema: ____,
  ...schema
}: JsonObject): JsonObject {
  return { properties: {}, ...schema, type: 'object' };
}
