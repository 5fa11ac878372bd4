// What the registry says of the platform's agents and what their skills do agree: over real complaints every output fits the seeded schema,
// and no skill calls a tool that is not on the seeded list. Both sides are the real ones; only the index is in memory.
import { describe, expect, it } from '@jest/globals';
import { ProxyTracerProvider } from '@opentelemetry/api';
import { createOutputCheck, outputKeysMax } from '../../foundation/json/output-check.ts';
import { readComplaints, readSettings } from '../../local/demo/sample.ts';
import type { TenantPlace } from '../../services/agents/core/geo/mention.ts';
import { invocationForTest } from '../../services/agents/core/invocation.for-test.ts';
import type { Invocation, ToolCallNotice } from '../../services/agents/core/invocation.ts';
import {
  createReportsInMemory,
  type ReportInMemory,
} from '../../services/agents/core/query/reports-in-memory.for-test.ts';
import { answerLengthMax } from '../../services/agents/core/query/sentence.ts';
import type { Point, ReportData } from '../../services/agents/core/report-data.ts';
import type { JsonObject, SkillAnswer } from '../../services/agents/core/skill.ts';
import { type BuiltinReach, skillOf } from '../../services/agents/runtimes/builtin/builtin-skills.ts';
import { loadCategoryModels } from '../../services/agents/store/category-models.ts';
import { loadNameRecognizer } from '../../services/agents/store/entity-model.ts';
import { loadGazetteer } from '../../services/agents/store/gazetteer.ts';
import { loadSentimentModel } from '../../services/agents/store/sentiment-model.ts';
import { leashReportData } from '../../services/agents/tools/leashed-data.ts';
import { createToolLeash } from '../../services/agents/tools/tool-leash.ts';
import { type BuiltinAgent, outputSchema } from '../../services/registry/store/seed/builtin-agent.ts';
import { builtinAgents } from '../../services/registry/store/seed/builtin-agents.ts';

interface Settings {
  readonly time_zone: string;
  readonly home_area: SettingsPlace;
  readonly places: readonly SettingsPlace[];
}

interface SettingsPlace {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly point: Point;
}

const complaints = await readComplaints();
const settings = (await readSettings()) as unknown as Settings;
const geo = { gazetteer: loadGazetteer() };
const models = {
  names: loadNameRecognizer(),
  sentiment: loadSentimentModel(),
  categories: loadCategoryModels(),
};
const outputs = createOutputCheck();
const tracer = new ProxyTracerProvider().getTracer('test');
const reference = '2026-01-20T12:00:00.000Z';

const ofClass = (agentClass: BuiltinAgent['agentClass']) =>
  builtinAgents.filter((agent) => agent.agentClass === agentClass);

const questions = [
  'What do people complain about most in Roslindale?',
  'Where are water leaks, hydrants and storm drains a problem?',
  'When were traffic lights out?',
  'Which streets have urgent pending problems this month?',
  'Who is affected by snow on sidewalks, and what is the mood?',
  'Why is there noise near Hyde Park?',
  'How many reports are there?',
  'Are unicorns increasing in Atlantis?',
  '',
  '"quoted" or -minus & <tags> 💧 '.repeat(60),
];

const strange = [
  '',
  '   ',
  '💧'.repeat(500),
  'NO VOWELS? 12345 !!! <script>',
  'at at at St & Ave, 0 Main St',
];

function placeOf({
  name,
  aliases = [],
  point,
}: SettingsPlace): TenantPlace & { point: Point['coordinates'] } {
  return { name, aliases, point: point.coordinates };
}

function invocationOf(agent: BuiltinAgent, input: JsonObject): Invocation {
  const { agentId, agentName, tools, outputs: keys } = agent;
  const definition = {
    agentId,
    agentName,
    runtime: 'builtin' as const,
    tools,
    outputSchema: outputSchema(keys),
  };
  return invocationForTest({ ...definition, domainId: 'civic_complaints', input });
}

const nowhere: ReportData = createReportsInMemory([]);

async function run(agent: BuiltinAgent, input: JsonObject, data: ReportData): Promise<SkillAnswer> {
  const skill = skillOf(agent.agentId);
  if (!skill) throw new Error(`${agent.agentId} has no skill`);
  const { name, point } = placeOf(settings.home_area);
  const tenant = {
    timeZone: settings.time_zone,
    places: settings.places.map(placeOf),
    homeArea: { name, point },
  };
  const reach: BuiltinReach = { tenant, data, geo, models, nowMs: Date.parse(reference) };
  return skill(invocationOf(agent, input), reach);
}

/** The reports that the complaints become, as the platform merges them, one a day up to the reference time. */
async function ingest(): Promise<ReportInMemory[]> {
  return Promise.all(
    complaints.map(async ({ text }, nth) => {
      const input = { text, domain_id: 'civic_complaints', reference_time: reference };
      const answers = await Promise.all(ofClass('ingestion').map((agent) => run(agent, input, nowhere)));
      const ingestion_data: JsonObject = Object.assign({}, ...answers.map(({ output }) => output));
      const location = (ingestion_data.geo_location ?? null) as unknown as Point | null;
      const created_at = new Date(
        Date.parse(reference) - (complaints.length - nth) * 86_400_000,
      ).toISOString();
      const known = { incident_id: `inc_${nth}`, source: 'web', created_by: `user_${nth % 4}` };
      const status = ['completed', 'pending', 'resolved'][nth % 3] ?? '';
      return { ...known, status, created_at, summary: text.slice(0, 200), ingestion_data, location, rank: 1 };
    }),
  );
}

function expectValid(agent: BuiltinAgent, { output, confidence }: SkillAnswer): void {
  expect(outputs.problemsOf(output, outputSchema(agent.outputs))).toEqual([]);
  expect(Object.keys(output).length).toBeLessThanOrEqual(outputKeysMax);
  expect(confidence).toBeGreaterThanOrEqual(0);
  expect(confidence).toBeLessThanOrEqual(1);
}

describe.each(ofClass('ingestion').map((agent) => [agent.agentId, agent] as const))('%s', (_id, agent) => {
  it('keeps to its schema and its text on every sample and on strange texts', async () => {
    for (const text of [...complaints.map((complaint) => complaint.text), ...strange]) {
      const answer = await run(agent, { text, domain_id: 'd', reference_time: reference }, nowhere);
      expectValid(agent, answer);
      for (const { start, end } of Object.values(answer.spans).flat()) {
        expect(start).toBeLessThan(end);
        expect(end).toBeLessThanOrEqual(text.length);
      }
    }
  });
});

describe.each(ofClass('query').map((agent) => [agent.agentId, agent] as const))('%s', (_id, agent) => {
  it.each([
    ['reads every match', 100],
    ['reads a few of many matches', 2],
    ['finds nothing', 0],
  ])('keeps to its schema and its tools where it %s', async (_name, readMost) => {
    const reports = readMost === 0 ? [] : await ingest();
    const ids = new Set(reports.map((report) => report.incident_id));
    const port = createReportsInMemory(reports);
    const told: ToolCallNotice[] = [];
    for (const question of questions) {
      const { tools } = agent;
      // A leash per question, as for each attempt; a tool outside the list would make the skill fail.
      const leash = createToolLeash({
        tracer,
        tools,
        granted: new Set(tools),
        capability: 'query',
        tell: (notice) => told.push(notice),
      });
      const cut: ReportData = {
        ...port,
        retrieve: (request) => port.retrieve({ ...request, limit: Math.min(request.limit, readMost) }),
      };
      const data = leashReportData(cut, { leash, tools });
      const answer = await run(agent, { question, domain_id: 'd', reference_time: reference }, data);
      expectValid(agent, answer);
      expect(String(answer.output.answer).length).toBeLessThanOrEqual(answerLengthMax);
      for (const id of answer.references) expect(ids).toContain(id);
    }
    expect(told.length).toBeGreaterThan(0);
    for (const { toolName, errorCode } of told) {
      expect(agent.tools).toContain(toolName);
      expect(errorCode).toBe('');
    }
  });
});

describe('the builtin agents', () => {
  it('all have a skill', () => {
    expect(builtinAgents.filter(({ agentId }) => skillOf(agentId) === undefined)).toEqual([]);
  });
});
