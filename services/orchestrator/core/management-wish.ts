// What one agent of a management run wants to change (SPEC S7.3). It knows nothing of reports: which of them it is for is decided in
// management-targets.ts.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../foundation/json/json.ts';
import type { AgentAnswer, TaskFault } from './agent-answer.ts';
import { matchAssignee, type People, whichPerson } from './management-people.ts';

/** What an agent answered in a management run. */
export interface ManagementAnswer {
  readonly agentId: string;
  readonly agentName: string;
  readonly agentVersion: number;
  readonly answer: AgentAnswer;
}

/** A wished change, as the report would hold it: `status` and `management_data`. */
export interface Wish {
  readonly change: JsonObject;
  /** Why; at most 1,000 characters, and may be empty. */
  readonly reason: string;
  /** Name of whom it assigns, for the summary; absent where nobody is assigned. */
  readonly assignee?: { readonly name: string; readonly verified: boolean };
}

/** What wishes are read with. */
export interface WishContext {
  readonly people: People;
  /** Time that the platform gives to changes, ISO 8601. */
  readonly at: string;
}

/** Something that must be asked before a wish can be followed. */
export interface OpenWish {
  readonly question: { readonly text: string; readonly people: readonly string[] };
}

/** A wish, nothing (undefined), a question, or what is wrong with the output. */
export type WishRead = Wish | undefined | OpenWish | { readonly fault: TaskFault };

/** The agent whose output assigns. */
export const assignerId = 'builtin-management-task-assigner';
const statusUpdaterId = 'builtin-management-status-updater';
const detailsEditorId = 'builtin-management-task-details-editor';

const fieldForm = /^[a-z][a-z0-9_]{0,49}$/;
const fieldsOfAssigner = new Set([
  'assignee_id',
  'assignee_type',
  'assigned_at',
  'reason',
  'assignee_verified',
]);
/** The field whose value, an object, holds several details by their names. */
const severalDetails = 'details';
const reasonCharactersMax = 1_000;
/** The key of management_data that only the platform writes. */
const historyKey = 'history';

/** Reads an output by the agent that gave it. */
export function wishOf(given: ManagementAnswer, context: WishContext): WishRead {
  const { agentId, answer } = given;
  if (agentId === assignerId) return assignment(answer, context);
  if (agentId === statusUpdaterId) return statusChange(answer);
  if (agentId === detailsEditorId) return detailChange(given);
  return otherChange(given);
}

function assignment({ output, reasoning }: AgentAnswer, { people, at }: WishContext): WishRead {
  const said = textOf(output.assignee_id);
  if (said === '') return undefined;
  const match = matchAssignee(said, people);
  if (match && !('found' in match)) {
    const isAlike = 'alike' in match;
    return { question: whichPerson(said, isAlike ? match.alike : match.several, isAlike) };
  }
  const found = match?.found;
  const reason = reasonOf(textOf(output.reason), reasoning);
  const details = {
    assignee_id: found?.id ?? said,
    assignee_type: found?.type ?? (output.assignee_type === 'team' ? 'team' : 'user'),
    assigned_at: at,
    reason,
    assignee_verified: found !== undefined,
  };
  const assignee = { name: found?.name ?? said, verified: found !== undefined };
  return { change: { management_data: { task_details: details } }, reason, assignee };
}

function statusChange({ output, reasoning }: AgentAnswer): WishRead {
  const status = textOf(output.status);
  if (status === '') return undefined;
  return { change: { status }, reason: reasonOf(textOf(output.notes), reasoning) };
}

function detailChange(given: ManagementAnswer): WishRead {
  const { output, reasoning } = given.answer;
  const { field, value } = output;
  if (field === undefined && value === undefined) return undefined;
  const reason = reasonOf(textOf(output.reason), reasoning);
  const several = field === severalDetails && isJsonObject(value) ? Object.entries(value) : [];
  const details = several.length > 0 ? several : [[field, value] as const];
  for (const [name, each] of details) {
    const problem = problemOfDetail(name, each);
    if (problem !== undefined) return invalid(given, problem);
  }
  return { change: { management_data: { task_details: Object.fromEntries(details) } }, reason };
}

function problemOfDetail(field: JsonValue | undefined, value: JsonValue | undefined): string | undefined {
  if (typeof field !== 'string' || !fieldForm.test(field)) {
    return 'field must be 1 to 50 of a-z, 0-9 and _, beginning with a letter';
  }
  if (fieldsOfAssigner.has(field)) return `the field ${field} belongs to assignments`;
  return value === undefined ? `the field ${field} has no value` : undefined;
}

function otherChange(given: ManagementAnswer): WishRead {
  const { output, reasoning } = given.answer;
  if (!isJsonObject(output) || Object.keys(output).length === 0) return undefined;
  if (Object.hasOwn(output, historyKey)) return invalid(given, 'history is kept by the platform alone');
  return { change: { management_data: output }, reason: reasonOf('', reasoning) };
}

function invalid({ agentName }: ManagementAnswer, problem: string): { readonly fault: TaskFault } {
  return {
    fault: { code: 'output_invalid', message: `The output of ${agentName} is not valid: ${problem}` },
  };
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value.trim() : '';
}

function reasonOf(own: string, reasoning: string): string {
  const text = (own || reasoning).replaceAll('\0', ' ').toWellFormed();
  return [...text].slice(0, reasonCharactersMax).join('');
}
