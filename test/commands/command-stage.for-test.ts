// A dispatcher's session over the committed reports: what the management skills and the platform make of what is said, turn by turn. The
// skills, the planning and the summary are the real ones; the index is in memory and nothing is written.
import { readFile } from 'node:fs/promises';
import { readSettings } from '../../local/demo/sample.ts';
import type { TenantPlace } from '../../services/agents/core/geo/mention.ts';
import { invocationForTest } from '../../services/agents/core/invocation.for-test.ts';
import {
  createReportsInMemory,
  type ReportInMemory,
} from '../../services/agents/core/query/reports-in-memory.for-test.ts';
import type { Point } from '../../services/agents/core/report-data.ts';
import { type BuiltinReach, skillOf } from '../../services/agents/runtimes/builtin/builtin-skills.ts';
import { loadGazetteer } from '../../services/agents/store/gazetteer.ts';
import { composeChangeSummary } from '../../services/orchestrator/core/compose-change-summary.ts';
import { prepareEffects } from '../../services/orchestrator/core/management-effects.ts';
import {
  pendingExchange,
  type SessionMessage,
} from '../../services/orchestrator/core/management-questions.ts';
import type { ManagementAnswer } from '../../services/orchestrator/core/management-wish.ts';
import { planChanges } from '../../services/orchestrator/core/plan-changes.ts';
import { managementAgents } from '../../services/registry/store/seed/management-agents.ts';

/** What one thing that is said leads to. Reports are named by their keys, people as questions show them. */
export interface Outcome {
  /** For each report what is set: `status`, `assignee` (a name, behind `?` where nobody has it), details by field. */
  readonly change: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What is asked back; absent when nothing is. */
  readonly ask?: { readonly kind: string; readonly text: string; readonly offers: readonly string[] };
}

/** A session in which commands are given one after the other. */
export interface CommandStage {
  say(text: string): Promise<Outcome>;
}

interface StoredReport {
  readonly key: string;
  readonly text: string;
  readonly days_ago: number;
  readonly status: string;
  readonly details?: ReportInMemory['management_data'];
}

interface SettingsPlace {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly point: Point;
}

const at = '2026-03-04T15:00:00.000Z';
const dispatcher = '0192f1a0-b2c3-7d4e-8f90-00000000d15b';
const named = (name: string, nth: number) => ({
  id: `0192f1a0-b2c3-7d4e-8f90-${String(nth).padStart(12, '0')}`,
  name,
});

/** The people whom the commands speak of. */
export const people = {
  teams: ['Roads Team', 'Water Crew', 'Parks Team', 'Team B North', 'Team B South', 'Rodent Control'].map(
    named,
  ),
  users: [
    ...['anna.lopez', 'anna.schmidt', 'bob', 'maria'].map((name, nth) => named(name, nth + 20)),
    { id: dispatcher, name: 'dispatcher' },
  ],
};
const nameOfId = new Map([...people.teams, ...people.users].map(({ id, name }) => [id, name]));

const stored = (await linesOf<StoredReport>('reports.jsonl')).map((report) => ({
  ...report,
  id: idOf(report.key),
}));
const keyOfId = new Map(stored.map(({ key, id }) => [id, key]));
const reports: readonly ReportInMemory[] = stored
  .map(({ id, text, days_ago, status, details }) => ({
    ...{ incident_id: id, status, source: 'web', created_by: 'user', rank: 1, location: null },
    created_at: new Date(Date.parse(at) - days_ago * 86_400_000 + 60_000).toISOString(),
    summary: text.slice(0, 200),
    ingestion_data: {},
    ...(details ? { management_data: { task_details: details } } : {}),
  }))
  .sort((a, b) => b.created_at.localeCompare(a.created_at));
const verified = new Map(
  stored.map(({ id, text, status }) => [id, { referenceId: id, summary: text.slice(0, 200), status }]),
);
const settings = (await readSettings()) as unknown as {
  readonly time_zone: string;
  readonly home_area: SettingsPlace;
  readonly places: readonly SettingsPlace[];
};
const reach = {
  tenant: {
    timeZone: settings.time_zone,
    places: settings.places.map(placeOf),
    homeArea: placeOf(settings.home_area),
  },
  data: createReportsInMemory(reports),
  geo: { gazetteer: loadGazetteer() },
  nowMs: Date.parse(at),
} as unknown as BuiltinReach;

/** Reads one of the files beside this one. */
export async function linesOf<T>(name: string): Promise<T[]> {
  const text = await readFile(new URL(name, import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** Begins a session whose last answer showed these reports. */
export function openStage(shown: readonly string[]): CommandStage {
  const messages: SessionMessage[] = [];
  let references = shown.map(idOf);
  return {
    async say(text) {
      const said = text.replace(/#(r\d+)\b/g, (_, key: string) => idOf(key));
      const input = { reference_time: at, user_id: dispatcher, session_references: references };
      const context = pendingExchange(messages).map((message) => ({ ...message }));
      const answers = await Promise.all(
        managementAgents.map(async ({ agentId, agentName, tools }): Promise<ManagementAnswer> => {
          const known = {
            agentId,
            agentName,
            tools,
            domainId: 'civic_complaints',
            runtime: 'builtin' as const,
          };
          const answer = await skillOf(agentId)?.(
            invocationForTest({ ...known, input: { ...input, question: said, context } }),
            reach,
          );
          if (!answer) throw new Error(`${agentId} has no skill`);
          return { agentId, agentName, agentVersion: 1, answer: { ...answer, runtime: 'builtin' } as never };
        }),
      );
      const plan = planChanges({ answers, command: said, verified }, { people, at });
      // Such a run fails and changes nothing.
      if ('fault' in plan)
        return { change: {}, ask: { kind: 'refused', text: plan.fault.message, offers: [] } };
      const effects = prepareEffects(plan, { apply: 'auto', nextId: () => dispatcher });
      const summary = composeChangeSummary(effects, [], answers);
      messages.push({ role: 'user', content: said }, { role: 'assistant', content: summary.summary });
      references = summary.referencesUsed.map(({ referenceId }) => referenceId);
      const [question] = plan.questions;
      const change: Record<string, Record<string, unknown>> = {};
      for (const { status, managementData, incidentIds } of plan.changes) {
        const { task_details: details = {} } = (managementData ?? {}) as {
          task_details?: Record<string, unknown>;
        };
        const set = { ...(status === undefined ? {} : { status }), ...plainDetails(details) };
        for (const id of incidentIds) change[keyOf(id)] = { ...change[keyOf(id)], ...set };
      }
      if (!question) return { change };
      const offers = question.people.length > 0 ? question.people : question.references.map(keyOf);
      return { change, ask: { kind: kindOf(question.text), text: question.text, offers } };
    },
  };
}

function plainDetails(details: Record<string, unknown>): Record<string, unknown> {
  const {
    assignee_id: id,
    assignee_type: _t,
    assigned_at: _a,
    reason: _r,
    assignee_verified: ok,
    ...rest
  } = details;
  if (id === undefined) return rest;
  return { ...rest, assignee: ok ? nameOfId.get(String(id)) : `?${String(id)}` };
}

function kindOf(text: string): string {
  if (/^(?:Who|No team or user)/.test(text)) return 'person';
  if (/^Which (?:date|value)/.test(text)) return 'value';
  if (/^Are really all/.test(text)) return 'scope';
  return /^(?:Which|No report)/.test(text) && /reports? |No report/.test(text) ? 'reports' : 'other';
}

function idOf(key: string): string {
  return `inc_0192f1a0b2c37d4e8f90${key.slice(1).padStart(12, '0')}`;
}

function keyOf(id: string): string {
  return keyOfId.get(id) ?? id;
}

function placeOf({
  name,
  aliases = [],
  point,
}: SettingsPlace): TenantPlace & { point: Point['coordinates'] } {
  return { name, aliases, point: point.coordinates };
}
