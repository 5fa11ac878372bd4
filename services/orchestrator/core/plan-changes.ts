// What a management run will change (SPEC S7.3): for each agent and report one change, in plan order, and no two that write one path. It
// chooses no ids and writes nothing.
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import type { JsonObject, JsonValue } from '../../../foundation/json/json.ts';
import type { TaskFault } from './agent-answer.ts';
import type { RejectedReference } from './compose-answer.ts';
import { type ExecutionState, taskOf } from './execution-state.ts';
import { type JsonLeaf, leafPath, leavesOf, objectOfLeaves, overlap } from './json-leaves.ts';
import { asksBack, type ManagementQuestion } from './management-questions.ts';
import { type TargetSources, targetsOf } from './management-targets.ts';
import { type ManagementAnswer, type Wish, type WishContext, wishOf } from './management-wish.ts';
import type { Conflict } from './merge-ingestion.ts';
import type { VerifiedReference } from './verified-reference.ts';

/** Reports that one command may change. */
export const targetsMax = 50;
/** Reports that a patch says it rests on, at most. */
const patchReferencesMax = 50;

/** One agent's change of reports. */
export interface PlannedChange {
  readonly agentId: string;
  readonly agentName: string;
  readonly agentVersion: number;
  /** Absent where it leaves the status. */
  readonly status?: string;
  /** To be merged recursively; absent where it leaves management_data. */
  readonly managementData?: JsonObject;
  readonly reason: string;
  /** Verified ids, at most 50. */
  readonly references: readonly string[];
  /** Whom it assigns, by name; absent where it assigns nobody. */
  readonly assignee?: { readonly name: string; readonly verified: boolean };
  /** Reports that it is for, each once, at least one. */
  readonly incidentIds: readonly string[];
}

/** Everything that a management run wants. */
export interface ChangePlan {
  /** In plan order, as they are to be made. An agent has several where the changes of others leave it less on some reports. */
  readonly changes: readonly PlannedChange[];
  /** The reports of the changes. */
  readonly reports: readonly VerifiedReference[];
  readonly rejected: readonly RejectedReference[];
  /** Paths that agents wanted to change differently; the later in plan order is kept. */
  readonly conflicts: readonly Conflict[];
  /** What must be answered first; nothing is changed then. */
  readonly questions: readonly ManagementQuestion[];
}

/** Answers of the agents that succeeded, in plan order. Approvals are no agents. */
export function managementAnswers(state: ExecutionState): ManagementAnswer[] {
  return state.plan.tasks.flatMap(({ nodeId, agentId, agentName, agentVersion }) => {
    const { answer } = taskOf(state, nodeId);
    return answer && agentVersion > 0 ? [{ agentId, agentName, agentVersion, answer }] : [];
  });
}

/** Plans the changes, or says why there must be none: an invalid output, or more than {@link targetsMax} reports. */
export function planChanges(
  sources: TargetSources,
  context: WishContext,
): ChangePlan | { readonly fault: TaskFault } {
  const wished: Wished[] = [];
  const questions: ManagementQuestion[] = sources.answers
    .filter(asksBack)
    .map((given) => questionOf(given, sources));
  for (const given of sources.answers) {
    const wish = wishOf(given, context);
    if (wish && 'fault' in wish) return wish;
    if (wish && 'question' in wish) {
      const { agentId, agentName } = given;
      questions.push({ agentId, agentName, ...wish.question, references: targetsOf(given, sources) });
    } else if (wish)
      wished.push({ given, wish, leaves: leavesOf(wish.change), targets: targetsOf(given, sources) });
  }
  const reports = [...new Set(wished.flatMap(({ targets }) => targets))];
  if (questions.length > 0) return asking(questions, sources);
  if (reports.length > targetsMax) return { fault: tooManyTargets(reports.length) };
  const groups = groupsOf(wished, reports).map((group) => settle(group));
  return {
    changes: wished.flatMap((each) => groups.flatMap((group) => changesOf(each, group, sources))),
    reports: reports.flatMap((id) => sources.verified.get(id) ?? []),
    rejected: rejectedOf(sources),
    conflicts: uniqueConflicts(groups.flatMap(({ conflicts }) => conflicts)),
    questions,
  };
}

function questionOf(
  { agentId, agentName, answer }: ManagementAnswer,
  { verified }: TargetSources,
): ManagementQuestion {
  const references = [...new Set(answer.references)].filter((id) => verified.has(id));
  return { agentId, agentName, text: answer.reasoning, people: [], references };
}

// Agents that read one command have one question, which is asked once.
function asking(questions: readonly ManagementQuestion[], sources: TargetSources): ChangePlan {
  const once = [
    ...new Map(questions.toReversed().map((question) => [question.text, question])).values(),
  ].toReversed();
  const ids = [...new Set(once.flatMap(({ references }) => references))];
  const reports = ids.flatMap((id) => sources.verified.get(id) ?? []);
  return { changes: [], reports, rejected: rejectedOf(sources), conflicts: [], questions: once };
}

interface Wished {
  readonly given: ManagementAnswer;
  readonly wish: Wish;
  readonly leaves: readonly JsonLeaf[];
  readonly targets: readonly string[];
}

/** Reports that the same agents want to change. */
interface Group {
  readonly wished: readonly Wished[];
  readonly incidentIds: readonly string[];
}

interface SettledGroup extends Group {
  /** What is left of each wish. */
  readonly kept: ReadonlyMap<Wished, readonly JsonLeaf[]>;
  readonly conflicts: readonly Conflict[];
}

function groupsOf(wished: readonly Wished[], reports: readonly string[]): Group[] {
  const wants = wished.map((each) => ({ each, targets: new Set(each.targets) }));
  const wantersOf = (id: string) => wants.filter(({ targets }) => targets.has(id)).map(({ each }) => each);
  const groups = new Map<string, { wished: Wished[]; incidentIds: string[] }>();
  for (const id of reports) {
    const wanters = wantersOf(id);
    const key = wanters.map((each) => wished.indexOf(each)).join();
    const group = groups.get(key) ?? { wished: wanters, incidentIds: [] };
    group.incidentIds.push(id);
    groups.set(key, group);
  }
  return [...groups.values()];
}

// Of two wishes that write one path, the later stays and the earlier loses that path: so it also holds when patches wait for a decision.
function settle(group: Group): SettledGroup {
  const kept = new Map<Wished, readonly JsonLeaf[]>();
  const conflicts: Conflict[] = [];
  for (const [at, each] of group.wished.entries()) {
    const later = group.wished.slice(at + 1).toReversed();
    const left = each.leaves.filter((leaf) => {
      const winner = later.find(({ leaves }) => leaves.some((other) => overlap(leaf, other)));
      if (winner) conflicts.push(...conflictOf({ each, leaf }, winner));
      return !winner;
    });
    kept.set(each, left);
  }
  return { ...group, kept, conflicts: merged(conflicts) };
}

function conflictOf(
  { each, leaf }: { readonly each: Wished; readonly leaf: JsonLeaf },
  { given, leaves }: Wished,
): Conflict[] {
  const over = leaves.filter((other) => overlap(leaf, other));
  const value = valueOver(leaf, over);
  const isSame = over.length === 1 && over[0]?.keys.length === leaf.keys.length;
  if (isSame && canonicalJson(value) === canonicalJson(leaf.value)) return [];
  const dropped = [{ agentId: each.given.agentId, value: leaf.value }];
  return [{ key: leafPath(leaf), kept: { agentId: given.agentId, value }, dropped }];
}

// What stands at the place of a leaf once others are written over it.
function valueOver({ keys: { length } }: JsonLeaf, over: readonly JsonLeaf[]): JsonValue {
  const above = over.find(({ keys }) => keys.length <= length);
  if (above) return above.value;
  return objectOfLeaves(over.map(({ keys, value }) => ({ keys: keys.slice(length), value })));
}

// What several lost to the same one is one conflict.
function merged(conflicts: readonly Conflict[]): Conflict[] {
  const byWinner = Map.groupBy(conflicts, ({ key, kept }) => canonicalJson([key, kept.agentId, kept.value]));
  return [...byWinner.values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ ...first, dropped: group.flatMap(({ dropped }) => [...dropped]) }] : [];
  });
}

function uniqueConflicts(conflicts: readonly Conflict[]): Conflict[] {
  const byContent = new Map(conflicts.map((conflict) => [JSON.stringify(conflict), conflict]));
  return [...byContent.values()];
}

function changesOf(each: Wished, group: SettledGroup, { verified }: TargetSources): PlannedChange[] {
  const leaves = group.kept.get(each) ?? [];
  if (leaves.length === 0) return [];
  const { given, wish } = each;
  const { agentId, agentName, agentVersion, answer } = given;
  const { status, management_data: managementData } = objectOfLeaves(leaves);
  const assigns = leaves.some((leaf) => leafPath(leaf) === 'management_data.task_details.assignee_id');
  return [
    {
      ...{ agentId, agentName, agentVersion },
      ...(typeof status === 'string' ? { status } : {}),
      ...(managementData === undefined ? {} : { managementData: managementData as JsonObject }),
      reason: wish.reason,
      references: [...new Set(answer.references)]
        .filter((id) => verified.has(id))
        .slice(0, patchReferencesMax),
      ...(wish.assignee && assigns ? { assignee: wish.assignee } : {}),
      incidentIds: group.incidentIds,
    },
  ];
}

function rejectedOf({ answers, verified }: TargetSources): RejectedReference[] {
  return answers.flatMap(({ agentId, answer }) =>
    [...new Set(answer.references)]
      .filter((id) => !verified.has(id))
      .map((referenceId) => ({ referenceId, agentId })),
  );
}

function tooManyTargets(reports: number): TaskFault {
  const message = `The command is about ${reports} reports or more; one command changes ${targetsMax} at most: narrow it`;
  return { code: 'too_many_targets', message };
}
