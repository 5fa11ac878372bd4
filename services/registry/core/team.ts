// Teams: groups of the users of one tenant. What a document must keep to be one, and what it changes.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { isUuid } from '../../../foundation/ids/ids.ts';
import { type DocumentReader, readDocument, refuseProblems } from '../../../foundation/json/document.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';

/** The most members of a team. */
export const membersMax = 1_000;

const nameMax = 200;

/** What the creator of a team decides. */
export interface TeamDraft {
  readonly teamName: string;
  /** User ids, each once. */
  readonly members: readonly string[];
}

/** A stored team. */
export interface Team extends TeamDraft {
  /** UUIDv7. */
  readonly id: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** UUID of the user who created it. */
  readonly createdBy: string;
}

/** Someone who has signed in, or an API key that acts as a user of its own. */
export interface User {
  /** UUID. */
  readonly id: string;
  readonly username: string;
}

/** The texts among a document's members that may be ids of users, for asking which of them are; at most 1,000. */
export function membersNamed(definition: JsonObject): readonly string[] {
  const { members } = normalised(definition);
  if (!Array.isArray(members)) return [];
  return members
    .filter((member) => typeof member === 'string' && isUuid(member))
    .slice(0, membersMax) as string[];
}

/** A new team. `known` holds the users of the tenant among its members. Fault `invalid_argument` with every violated rule. */
export function readNewTeam(definition: JsonObject, known: ReadonlySet<string>): TeamDraft {
  const problems: Violation[] = [];
  const doc = readDocument(normalised(definition), problems);
  doc.require('team_name');
  const { teamName = '', members = [] } = readFields(doc, known);
  refuseProblems(problems);
  return { teamName, members };
}

/** What a document changes about a team; absent fields stay as they are. Faults as for a new one. */
export function readTeamChange(definition: JsonObject, known: ReadonlySet<string>): Partial<TeamDraft> {
  const problems: Violation[] = [];
  const doc = readDocument(normalised(definition), problems);
  if (!doc.has('team_name') && !doc.has('members')) {
    doc.refuse('body', 'must give at least one of team_name, members');
  }
  const change = readFields(doc, known);
  refuseProblems(problems);
  return change;
}

function readFields(doc: DocumentReader, known: ReadonlySet<string>): Partial<TeamDraft> {
  const teamName = doc.text('team_name', { min: 1, max: nameMax });
  const members = doc.items('members', {
    itemsMax: membersMax,
    // The same words for a user of another tenant, for nobody and for what is no id at all.
    problemOf: (member) => (known.has(member) ? undefined : 'is no user of the tenant'),
  });
  return { ...(teamName === undefined ? {} : { teamName }), ...(members === undefined ? {} : { members }) };
}

/** The document with its members in lower case, as ids are stored. */
function normalised(definition: JsonObject): JsonObject {
  const { members } = definition;
  if (!Array.isArray(members)) return definition;
  const lower = members.map((member) => (typeof member === 'string' ? member.toLowerCase() : member));
  return { ...definition, members: lower };
}
