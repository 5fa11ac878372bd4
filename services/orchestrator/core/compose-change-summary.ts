// What a management run tells when it has ended (SPEC E9.6): one bullet for each thing that an agent changed, or could not change, with the
// reports that it concerns, and a closing line.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../foundation/json/json.ts';
import { type AgentStatement, bulletOf, summaryCharactersMax } from './compose-answer.ts';
import { cutText } from './cut-text.ts';
import { leafPath, leavesOf } from './json-leaves.ts';
import { type ManagementEffects, type PreparedChange, patchIdOf } from './management-effects.ts';
import { askingClosing, type ManagementQuestion, questionLines } from './management-questions.ts';
import type { ManagementAnswer } from './management-wish.ts';
import { type MapData, mapData } from './map-data.ts';
import type { VerifiedReference } from './verified-reference.ts';

/** What became of one planned patch: where it stands, or why there is none. */
export interface PatchResult {
  /** UUIDv7 of the planned patch. */
  readonly id: string;
  readonly end: PatchEnd;
  /** Why it was refused, for people; empty otherwise. */
  readonly message: string;
}

/** `unchanged`: the report held all of it already; `deleted`: it is gone; `refused`: it cannot hold the change; else the patch's status. */
export type PatchEnd =
  | 'applied'
  | 'proposed'
  | 'conflicted'
  | 'withdrawn'
  | 'unchanged'
  | 'deleted'
  | 'refused';

/** What the query job of a command is filled with. */
export interface ChangeSummary {
  readonly summary: string;
  /** The closing line without its label. */
  readonly closing: string;
  readonly answers: readonly AgentStatement[];
  readonly mapData: MapData | null;
  /** Changed reports, in the order of the changes, with a status that was changed; of a question, the reports that it is about. */
  readonly referencesUsed: readonly VerifiedReference[];
  /** `patch_` ids, in the order of the changes. */
  readonly patches: readonly string[];
}

const statementCharactersMax = 150;

/** Composes the summary. `results` tells of every planned patch; `answers` are asked only when there was nothing to change. */
export function composeChangeSummary(
  effects: ManagementEffects,
  results: readonly PatchResult[],
  answers: readonly ManagementAnswer[],
): ChangeSummary {
  const { questions = [] } = effects;
  if (questions.length > 0) return askedSummary(questions, effects);
  const resultOf = new Map(results.map((result) => [result.id, result]));
  const outcomes = effects.changes.flatMap((change) => outcomesOf(change, resultOf));
  const told = outcomes.length > 0 ? tellOutcomes(outcomes) : answers.map(reasonStatement);
  const made = outcomes.filter(({ end }) => isMade(end));
  const changed = [...new Set(made.map(({ incidentId }) => incidentId))];
  const referencesUsed = changed.flatMap((id) => referenceAfter(id, effects, made));
  const closing = cutText(closingLine(effects, outcomes), summaryCharactersMax - 'Summary: '.length);
  return {
    summary: [...told.map(bulletOf), ...(told.length > 0 ? [''] : []), `Summary: ${closing}`].join('\n'),
    closing,
    answers: told,
    mapData: mapData(referencesUsed),
    referencesUsed,
    patches: made.map(({ id }) => patchIdOf(id)),
  };
}

// The reports that a question is about are told as used, so that "the first one" can be said of them.
function askedSummary(
  questions: readonly ManagementQuestion[],
  { reports }: ManagementEffects,
): ChangeSummary {
  const told = questions.flatMap((question) =>
    questionLines(question, reports).map(({ text, references }) => {
      const { agentId } = question;
      return { agentId, label: labelOf(question), text, references };
    }),
  );
  return {
    summary: [...told.map(bulletOf), '', `Summary: ${askingClosing}`].join('\n'),
    closing: askingClosing,
    answers: told,
    mapData: mapData(reports),
    referencesUsed: reports,
    patches: [],
  };
}

interface ChangeOutcome extends PatchResult {
  readonly change: PreparedChange;
  readonly incidentId: string;
}

function outcomesOf(change: PreparedChange, results: ReadonlyMap<string, PatchResult>): ChangeOutcome[] {
  return change.patches.flatMap(({ id, incidentId }) => {
    const result = results.get(id);
    return result ? [{ ...result, change, incidentId }] : [];
  });
}

function isMade(end: PatchEnd): boolean {
  return end !== 'unchanged' && end !== 'deleted' && end !== 'refused';
}

function tellOutcomes(outcomes: readonly ChangeOutcome[]): AgentStatement[] {
  const groups = Map.groupBy(outcomes, ({ change, end, message }) =>
    JSON.stringify([change.agentId, whatChanges(change), end, message]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { change, end, message } = first;
    const text = cutText(`${whatChanges(change)}${howItEnded[end]}${message}`, statementCharactersMax);
    const references = [...new Set(group.map(({ incidentId }) => incidentId))];
    return [{ agentId: change.agentId, label: labelOf(change), text, references }];
  });
}

const howItEnded: Readonly<Record<PatchEnd, string>> = {
  applied: '',
  proposed: ' (proposed, waits for a decision)',
  conflicted: ': not applied, since the report has moved on',
  withdrawn: ' (decided otherwise since)',
  unchanged: ': nothing to change, it was so already',
  deleted: ': not changed, the report was deleted meanwhile',
  refused: ': refused: ',
};

// Only when nobody wants a change, so that the reader learns why.
function reasonStatement({ agentId, agentName, answer }: ManagementAnswer): AgentStatement {
  const text = cutText(answer.reasoning || 'nothing to change', statementCharactersMax);
  return { agentId, label: labelOf({ agentName }), text, references: [] };
}

function labelOf({ agentName }: Pick<PreparedChange, 'agentName'>): string {
  return agentName.replace(/\s*Agent\s*$/, '') || agentName;
}

function whatChanges({ status, managementData = {}, assignee }: PreparedChange): string {
  const { task_details: details, ...rest } = managementData;
  const inDetails = assignee ? withoutAssignment(details) : details;
  const left = { ...(inDetails === undefined ? {} : { task_details: inDetails }), ...rest };
  const values = leavesOf(left).map((leaf) => `${nameOf(leafPath(leaf))} ${valueText(leaf.value)}`);
  return [
    ...(status === undefined ? [] : [`status ${status.replaceAll('_', ' ')}`]),
    ...(assignee
      ? [`assigned to ${assignee.name}${assignee.verified ? '' : ' (no one team or user has this name)'}`]
      : []),
    ...values,
  ].join('; ');
}

function withoutAssignment(details: JsonValue | undefined): JsonObject | undefined {
  if (!isJsonObject(details)) return undefined;
  const { assignee_id: _id, assignee_type: _type, assigned_at: _at, reason: _reason, ...others } = details;
  const { assignee_verified: _verified, ...left } = others;
  return Object.keys(left).length > 0 ? left : undefined;
}

function nameOf(path: string): string {
  return path.replace(/^task_details\./, '').replaceAll('_', ' ');
}

function valueText(value: JsonValue): string {
  if (value === null) return 'cleared';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function referenceAfter(
  incidentId: string,
  { reports }: ManagementEffects,
  made: readonly ChangeOutcome[],
): VerifiedReference[] {
  const report = reports.find(({ referenceId }) => referenceId === incidentId);
  const applied = made.filter((each) => each.incidentId === incidentId && each.end === 'applied');
  const status = applied.findLast(({ change }) => change.status !== undefined)?.change.status;
  return report ? [{ ...report, ...(status === undefined ? {} : { status }) }] : [];
}

function closingLine(effects: ManagementEffects, outcomes: readonly ChangeOutcome[]): string {
  if (outcomes.length === 0) {
    return effects.rejected.length > 0
      ? 'Nothing was changed: what the command is about is no report of this domain. Name reports by their ids, or ask for them first.'
      : 'Nothing was changed: no report, or no change, could be made out in the command. Name reports by their ids, or ask for them first.';
  }
  const reportsWith = (...ends: readonly PatchEnd[]) =>
    new Set(outcomes.filter(({ end }) => ends.includes(end)).map(({ incidentId }) => incidentId)).size;
  const parts: readonly (readonly [number, string])[] = [
    [reportsWith('applied'), 'changed'],
    [reportsWith('proposed'), 'with changes that wait for a decision'],
    [reportsWith('conflicted', 'withdrawn'), 'with changes that were decided otherwise'],
    [reportsWith('unchanged'), 'with nothing to change'],
    [reportsWith('deleted'), 'deleted meanwhile'],
    [reportsWith('refused'), 'that could not hold the change'],
  ];
  const told = parts.filter(([reports]) => reports > 0).map(([reports, how]) => `${reports} ${how}`);
  const all = new Set(outcomes.map(({ incidentId }) => incidentId)).size;
  const conflicts = effects.conflicts.length;
  const rival =
    conflicts === 0
      ? ''
      : ` Agents disagreed on ${conflicts} ${conflicts === 1 ? 'value' : 'values'}; the later one was taken.`;
  return `The command was about ${all} ${all === 1 ? 'report' : 'reports'}: ${told.join(', ')}.${rival}`;
}
