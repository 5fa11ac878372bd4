// Parts of a command that could make its other parts wrong: conditions, denials of what another part asks for, and words that nobody
// understands. Whoever gave the command is asked then.
import { readAssignment } from './assignment.ts';
import { readDetailChange } from './detail-change.ts';
import { aboutOf, type CommandQuestion, sayOtherwise } from './questions.ts';
import {
  assignmentOf,
  detailChangesOf,
  isDenied,
  isLooking,
  statusChangeOf,
  undenied,
} from './read-command.ts';
import { readStatusChange } from './status-change.ts';

const condition =
  /(?:^|[\s,])(?<said>(?:only\s+)?(?:if|unless|in case|provided(?:\s+that)?|assuming|whenever|when|once|as soon as|as long as|depending on)\s+(?!(?:possible|necessary|needed|you can|again|more)\b)\p{L}.*)$/iu;
/** What says why or how and takes nothing back. */
const remark =
  /^(?:(?:it|this|that|they|these|those|he|she|we|i|there|the\s+crew|crew|who)(?:'s|'re|'ve|\b)|because|since|as\s+it|thanks?\b|thank\s+you|good\b|great\b|ok(?:ay)?\b|hello|hi\b|dear\b|sorry|asap|urgent(?:ly)?$|immediately|(?:ask|tell|have|let|inform|notify)\s+(?:him|her|them)\b)/i;
const laterOrWhile =
  /\b(?:until|starting)\s+\S|\b(?:on|from)\s+(?:(?:mon|tues?|wednes|thurs?|fri|satur|sun)day|tomorrow|\d)/i;
const asking =
  /^(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have\s+(?:we|you|they)|should|shall|may|might)\b/i;

/** The first doubt; undefined where there is none. */
export function doubtInClauses(clauses: readonly string[]): CommandQuestion | undefined {
  const conditional = clauses.flatMap((clause) => conditionIn(clause) ?? [])[0];
  if (conditional !== undefined) {
    return sayOtherwise(
      `Shall it be done now? Nothing waits for a condition ("${aboutOf(conditional)}"): give the command without it.`,
    );
  }
  const denied = clauses.filter(isDenied).find((clause) => isAskedFor(clause, clauses));
  if (denied !== undefined) {
    return sayOtherwise(
      `What is left out? "${aboutOf(denied)}" contradicts another part: name the reports that are meant.`,
    );
  }
  const strange = clauses.find((clause) => !isUnderstood(clause) || isDatedAssignment(clause));
  return strange === undefined
    ? undefined
    : sayOtherwise(
        `What does "${aboutOf(strange)}" mean? It is not understood, so nothing was done: say it otherwise or leave it out.`,
      );
}

function conditionIn(clause: string): string | undefined {
  const detail = readDetailChange(clause);
  if (detail?.field === 'note') return undefined;
  const plain = clause.replace(/"[^"]*"/g, ' ').replace(/\b(?:because|as it|since it)\b.*$/i, ' ');
  const said = condition.exec(detail && detail.said !== '' ? plain.replace(detail.said, ' ') : plain)?.groups
    ?.said;
  return said;
}

// Denying one value and asking for another is a correction: "not to Ana, to Bob".
function isAskedFor(denied: string, clauses: readonly string[]): boolean {
  const not = wantedBy(undenied(denied));
  return not !== undefined && clauses.some((clause) => !isDenied(clause) && wantedBy(clause) === not);
}

function wantedBy(clause: string): string | undefined {
  const status = readStatusChange(clause)?.status;
  if (status) return `status ${status}`;
  const name = readAssignment(clause)?.name.toLowerCase();
  if (name) return `assigned ${name}`;
  const detail = readDetailChange(clause);
  return detail && `${detail.field} ${detail.said.toLowerCase()}`;
}

// Nothing is assigned later or for a while.
function isDatedAssignment(clause: string): boolean {
  const name = readAssignment(clause)?.name;
  return name !== undefined && laterOrWhile.test(clause.slice(clause.indexOf(name) + name.length));
}

function isUnderstood(clause: string): boolean {
  return (
    statusChangeOf(clause) !== undefined ||
    assignmentOf(clause) !== undefined ||
    detailChangesOf(clause).length > 0 ||
    isDenied(clause) ||
    isLooking(clause) ||
    remark.test(clause) ||
    asking.test(clause)
  );
}
