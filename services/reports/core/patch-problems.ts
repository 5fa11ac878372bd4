// The rules that a change of a report must keep: what a request may ask for, and how large the report and the patch may become.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { idOfPrefixed, idTimeMs, isUuid } from '../../../foundation/ids/ids.ts';
import { isJsonObject, type JsonValue } from '../../../foundation/json/json.ts';
import { historyKey, recordedOf } from './history.ts';
import { jsonProblem } from './json-problem.ts';
import {
  type Patch,
  patchBytesMax,
  patchReferencesMax,
  reasonLengthMax,
  requestIdLengthMax,
} from './patch.ts';
import type { Decided, NewPatch } from './patch-decisions.ts';
import { managementBytesMax, statusProcessing, wordLengthMax } from './report.ts';
import { managementPath, statusPath, type Wish } from './report-change.ts';
import { isIncidentId, isWord, sizeProblems } from './report-problems.ts';

/** Every broken rule of a wish: something is asked for, in words and values that can be kept, and nothing that is the platform's own. */
export function wishProblems({ status, managementData }: Wish): readonly Violation[] {
  if (status === '' && managementData === undefined) {
    return [{ field: statusPath, reason: 'is required where management_data is not given' }];
  }
  const problem = managementData && jsonProblem(managementData);
  const fits = managementData !== undefined && problem === undefined;
  const bytes = fits ? Buffer.byteLength(JSON.stringify(managementData)) : 0;
  const pathUnits = fits ? pathUnitsOf(managementData, 0) : 0;
  const ofPlatform = managementData !== undefined && Object.hasOwn(managementData, historyKey);
  const reasonOfWord = `must have 1 to ${wordLengthMax} characters, none of them U+0000`;
  return violations([
    [statusPath, status === '' || isWord(status), reasonOfWord],
    [statusPath, status !== statusProcessing, 'must not be processing, which only a run gives'],
    [managementPath, problem === undefined, problem ?? ''],
    [managementPath, bytes <= managementBytesMax, sizeReason(bytes)],
    [managementPath, bytes > managementBytesMax || pathUnits <= patchBytesMax, patchSizeReason],
    [`${managementPath}.${historyKey}`, !ofPlatform, 'is kept by the platform: leave it out'],
  ]);
}

/** Every broken rule of the patch that a run makes, its wish apart. */
export function newPatchProblems({ id, jobId, queryId, ...patch }: NewPatch): readonly Violation[] {
  const { agentId, agentVersion, reason, references } = patch;
  const areReports = references.every(isIncidentId);
  return violations([
    ['id', isUuid(id) && id[14] === '7' && idTimeMs(id) > 0, 'must be a UUIDv7'],
    ['job_id', idOfPrefixed('job_', jobId) !== undefined, 'must be the id of an execution'],
    ['query_id', idOfPrefixed('qry_', queryId) !== undefined, 'must be the id of a query'],
    ['agent_id', agentId !== '' && jsonProblem(agentId) === undefined, 'must be the id of an agent'],
    ['agent_version', Number.isInteger(agentVersion) && agentVersion >= 1, 'must be 1 or more'],
    ...reasonRules(reason),
    ['references', references.length <= patchReferencesMax, `must be ${patchReferencesMax} at most`],
    ['references', areReports, 'must be ids of reports'],
  ]);
}

/** Every broken rule of what comes with a decision. */
export function decisionProblems(given: { requestId: string; reason?: string }): readonly Violation[] {
  const { requestId, reason = '' } = given;
  return violations([
    [
      'request_id',
      requestId.length <= requestIdLengthMax,
      `must have ${requestIdLengthMax} characters at most`,
    ],
    ...reasonRules(reason),
  ]);
}

/** Every limit that a decided change breaks. */
export function decidedProblems({ report, patch }: Pick<Decided, 'report' | 'patch'>): readonly Violation[] {
  const bytes = Buffer.byteLength(JSON.stringify(recordedOf(report.managementData).content));
  return [
    ...violations([[managementPath, bytes <= managementBytesMax, sizeReason(bytes)]]),
    ...patchSizeProblems(patch),
    ...sizeProblems(report, managementPath),
  ];
}

function patchSizeProblems({ changes }: Patch): readonly Violation[] {
  const bytes = Buffer.byteLength(JSON.stringify(changes));
  return violations([[managementPath, bytes <= patchBytesMax, patchSizeReason]]);
}

// Paths repeat the keys that they lead through, so that they are counted before any is written.
function pathUnitsOf(value: JsonValue, above: number): number {
  if (!isJsonObject(value) || above > patchBytesMax) return above;
  const units = Object.entries(value).map(([key, inner]) => pathUnitsOf(inner, above + key.length));
  return units.reduce((sum, each) => sum + each, 0);
}

const patchSizeReason = `changes so much that the patch is over ${patchBytesMax} bytes: change less at once`;

function sizeReason(bytes: number): string {
  return `makes ${bytes} bytes without the history; ${managementBytesMax} are allowed: make the change smaller`;
}

type Rule = readonly [field: string, holds: boolean, reason: string];

function reasonRules(reason: string): readonly Rule[] {
  const isShort = reason.length <= reasonLengthMax * 2 && [...reason].length <= reasonLengthMax;
  return [
    ['reason', isShort, `must have ${reasonLengthMax} characters at most`],
    ['reason', jsonProblem(reason) === undefined, jsonProblem(reason) ?? ''],
  ];
}

function violations(rules: readonly Rule[]): Violation[] {
  return rules.filter(([, holds]) => !holds).map(([field, , reason]) => ({ field, reason }));
}
