// The stage of the labelled questions: the reports service over real databases with the sample imported, read by the platform's own
// ingestion skills, and the six query skills that answer over it as they do in a run. It judges nothing.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { create, type JsonObject as WireObject } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { ProxyTracerProvider } from '@opentelemetry/api';
import { readSettings } from '../../local/demo/sample.ts';
import { pause } from '../../local/pause.for-test.ts';
import { ImportedReportSchema } from '../../proto/gen/domainflow/reports/v1/report_pb.js';
import type { TenantPlace } from '../../services/agents/core/geo/mention.ts';
import { invocationForTest } from '../../services/agents/core/invocation.for-test.ts';
import type { ToolCallNotice } from '../../services/agents/core/invocation.ts';
import type { JsonObject, SkillAnswer } from '../../services/agents/core/skill.ts';
import { type BuiltinReach, skillOf } from '../../services/agents/runtimes/builtin/builtin-skills.ts';
import { loadCategoryModels } from '../../services/agents/store/category-models.ts';
import { loadNameRecognizer } from '../../services/agents/store/entity-model.ts';
import { loadGazetteer } from '../../services/agents/store/gazetteer.ts';
import { loadSentimentModel } from '../../services/agents/store/sentiment-model.ts';
import { leashReportData } from '../../services/agents/tools/leashed-data.ts';
import { createReportIndex } from '../../services/agents/tools/report-index.ts';
import { createToolLeash } from '../../services/agents/tools/tool-leash.ts';
import { builtinAgents } from '../../services/registry/store/seed/builtin-agents.ts';
import {
  newCaller,
  type ReportsUnderTest,
  startReportsForTest,
  type TestCaller,
} from '../../services/reports/app.for-test.ts';

/** A report of the sample, as README.md here describes it. */
export interface SampleReport {
  readonly id: string;
  readonly text: string;
  readonly reported_at: string;
  readonly lat?: number;
  readonly lon?: number;
  readonly address?: string;
  readonly status?: string;
  readonly source?: string;
  readonly assignee?: string;
  readonly priority?: string;
  readonly done_after_days?: number;
}

/** What is asked. */
export interface Asked {
  readonly question: string;
  /** ISO. */
  readonly referenceTime: string;
  /** Earlier questions of the session, the newest last. */
  readonly earlier?: readonly string[];
  /** Reports of the newest answer. */
  readonly sessionReferences?: readonly string[];
  /** IANA name; absent for the tenant's own zone. */
  readonly timeZone?: string;
}

/** What the skill of one agent says, and what it asked the reports. */
export interface Said extends SkillAnswer {
  /** The last part of the agent's id: who, what, where, when, why, how. */
  readonly label: string;
  readonly calls: readonly ToolCallNotice[];
}

/** The stage. */
export interface QuestionStage {
  /** Ids by the sample's ids. */
  readonly incidentIds: ReadonlyMap<string, string>;
  /** All six, or those that are named. */
  ask(asked: Asked, labels?: readonly string[]): Promise<readonly Said[]>;
  stop(): Promise<void>;
}

const dayMs = 86_400_000;
const importedAtOnce = 100;
const indexedWithinMs = 60_000;
const domainId = 'civic_complaints';
const tracer = new ProxyTracerProvider().getTracer('test');
const queryAgents = builtinAgents.filter(({ agentClass }) => agentClass === 'query');

/** The reports of the sample in the order of the file. */
export async function readSample(): Promise<readonly SampleReport[]> {
  const text = await readFile(fileURLToPath(new URL('reports.jsonl', import.meta.url)), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SampleReport);
}

interface Settings {
  readonly time_zone: string;
  readonly home_area: Place;
  readonly places: readonly Place[];
}

interface Place {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly point: { readonly coordinates: readonly [number, number] };
}

function placeOf({ name, aliases = [], point }: Place): TenantPlace & { point: readonly [number, number] } {
  return { name, aliases, point: point.coordinates };
}

async function reachOf(): Promise<Omit<BuiltinReach, 'data'>> {
  const settings = (await readSettings()) as unknown as Settings;
  return {
    tenant: {
      timeZone: settings.time_zone,
      places: settings.places.map(placeOf),
      homeArea: placeOf(settings.home_area),
    },
    geo: { gazetteer: loadGazetteer() },
    models: {
      names: loadNameRecognizer(),
      sentiment: loadSentimentModel(),
      categories: loadCategoryModels(),
    },
    nowMs: Date.UTC(2019, 1, 1),
  };
}

/** Starts databases and service and imports the reports. Call `stop` in `afterAll`. */
export async function startQuestionStage(sample: readonly SampleReport[]): Promise<QuestionStage> {
  const reach = await reachOf();
  const reports = await startReportsForTest();
  const caller = newCaller();
  const incidentIds = new Map<string, string>();
  for (let at = 0; at < sample.length; at += importedAtOnce) {
    const part = sample.slice(at, at + importedAtOnce);
    const messages = await Promise.all(part.map((one) => importOf(one, reach)));
    const { results } = await reports.reports.importReports({ reports: messages }, reports.as(caller));
    for (const [nth, { incidentId, violations }] of results.entries()) {
      if (violations.length > 0) throw new Error(`${part[nth]?.id}: ${JSON.stringify(violations)}`);
      incidentIds.set(part[nth]?.id ?? '', incidentId);
    }
  }
  await isIndexed(reports, caller, sample.length);
  const index = createReportIndex({ index: reports.index, domainId, callOptions: () => reports.as(caller) });
  return {
    incidentIds,
    ask: (asked, labels) =>
      Promise.all(
        queryAgents.flatMap(({ agentId, tools }) => {
          const label = agentId.split('-').at(-1) ?? '';
          if (labels !== undefined && !labels.includes(label)) return [];
          const calls: ToolCallNotice[] = [];
          const granted = new Set(tools);
          const tell = (call: ToolCallNotice): void => void calls.push(call);
          const leash = createToolLeash({ tracer, tools, granted, capability: 'query', tell });
          const data = leashReportData(index, { leash, tools });
          return [answer(agentId, asked, { ...reach, data }).then((said) => ({ ...said, label, calls }))];
        }),
      ),
    stop: () => reports.stop(),
  };
}

/** Returns once every report can be found: an import is answered before the last of them is indexed. */
async function isIndexed(reports: ReportsUnderTest, caller: TestCaller, count: number): Promise<void> {
  const request = { filter: { domainId }, groupBy: 'status' };
  const endMs = performance.now() + indexedWithinMs;
  while (performance.now() < endMs) {
    const { total } = await reports.index.aggregate(request, reports.as(caller));
    if (total === BigInt(count)) return;
    await pause();
  }
  throw new Error(`The ${count} reports were not indexed within ${indexedWithinMs} ms`);
}

async function answer(agentId: string, asked: Asked, reach: BuiltinReach): Promise<SkillAnswer> {
  const skill = skillOf(agentId);
  if (!skill) throw new Error(`${agentId} has no skill`);
  const { question, referenceTime, earlier = [], sessionReferences = [], timeZone } = asked;
  const input = {
    question,
    reference_time: referenceTime,
    earlier_questions: [...earlier],
    session_references: [...sessionReferences],
  };
  const tenant = timeZone === undefined ? reach.tenant : { ...reach.tenant, timeZone };
  return skill(invocationForTest({ agentId, runtime: 'builtin', domainId, input }), { ...reach, tenant });
}

/** The report as an import brings it: what the ingestion skills read from the text, and the source's own point. */
async function importOf(sample: SampleReport, reach: Omit<BuiltinReach, 'data'>) {
  const { text, reported_at: reportedAt, lat, lon, address, status, source } = sample;
  const createdAt = new Date(reportedAt);
  const outputs: JsonObject[] = [];
  for (const agentId of ['builtin-ingestion-geo', 'builtin-ingestion-temporal', 'builtin-ingestion-entity']) {
    const input = { text, domain_id: domainId, reference_time: createdAt.toISOString() };
    const data = undefined as unknown as BuiltinReach['data'];
    const said = await skillOf(agentId)?.(invocationForTest({ agentId, input }), { ...reach, data });
    outputs.push(said?.output ?? {});
  }
  const point = lat === undefined || lon === undefined ? {} : { geo_location: pointOf(lon, lat) };
  const ingestionData: object = Object.assign(
    {},
    ...outputs,
    point,
    address === undefined ? {} : { address },
  );
  return create(ImportedReportSchema, {
    domainId,
    rawText: text,
    source: source ?? '',
    status: status ?? '',
    ingestionData: ingestionData as WireObject,
    managementData: managementOf(sample, createdAt) as WireObject,
    createdAt: timestampFromDate(createdAt),
  });
}

function pointOf(longitude: number, latitude: number): JsonObject {
  return { type: 'Point', coordinates: [longitude, latitude] };
}

function managementOf(sample: SampleReport, createdAt: Date): JsonObject {
  const { status = '', assignee, priority, done_after_days: days } = sample;
  const doneAt = days === undefined ? undefined : new Date(createdAt.getTime() + days * dayMs);
  const change = doneAt && { status, timestamp: doneAt.toISOString(), by: 'someone', action: 'update' };
  const details = {
    ...(assignee !== undefined && { assignee_id: assignee, assignee_type: 'team' }),
    ...(priority !== undefined && { priority }),
  };
  return {
    ...(Object.keys(details).length > 0 && { task_details: details }),
    ...(change && { history: [change] }),
  };
}
