// The document of a management run: its query job, and the patches of the reports that the command is about. What is patched is found out
// once and journalled with every id; making the patches may then be repeated, and changes nothing more.
import { fromJsonString } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { asFault, type FaultReason } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import { ApplyMode } from '../../../proto/gen/domainflow/registry/v1/domain_pb.js';
import { PlanSchema } from '../../../proto/gen/domainflow/registry/v1/plan_pb.js';
import { PatchMode, PatchStatus } from '../../../proto/gen/domainflow/reports/v1/patch_pb.js';
import { QueryMode } from '../../../proto/gen/domainflow/sessions/v1/query_job_pb.js';
import {
  type ChangeSummary,
  composeChangeSummary,
  type PatchEnd,
  type PatchResult,
} from '../core/compose-change-summary.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import {
  effectsJson,
  effectsOf,
  type ManagementEffects,
  type PlannedPatch,
  type PreparedChange,
  prepareEffects,
} from '../core/management-effects.ts';
import { targetCandidates } from '../core/management-targets.ts';
import { assignerId, type ManagementAnswer } from '../core/management-wish.ts';
import { managementAnswers, planChanges } from '../core/plan-changes.ts';
import { jobIdOf } from '../core/public-id.ts';
import type { MeshClients } from './mesh-clients.ts';
import { readPeople } from './people.ts';
import {
  callTimeoutMs,
  completeQueryJob,
  type JobResult,
  placeQueryJob,
  queryInputOf,
  referencesWire,
  verifyReferences,
} from './query-job.ts';
import type { RunCalls } from './run-calls.ts';
import { type EndOfRun, OutcomeRefused, type RunDocument } from './run-document.ts';

/** Reports that are patched at the same time. */
const reportsAtOnce = 8;

type ManagementClients = Pick<MeshClients, 'queryJobs' | 'index' | 'patches' | 'teams'>;

/** Commands as documents of runs. */
export function createManagementDocument(
  clients: ManagementClients,
  callsOf: RunCalls,
  log: Log,
): RunDocument {
  const reach = { clients, callsOf, log };
  return {
    place: (execution) => placeQueryJob(reach, execution, QueryMode.MANAGEMENT),
    prepare: async (execution, state) =>
      effectsJson(await findEffects(reach, execution, managementAnswers(state))),
    async apply(end) {
      const { state, outcome, prepared } = end;
      if (!outcome.succeeded && !outcome.partial) {
        const message = `The command could not be carried out. ${outcome.error}`;
        await completeQueryJob(reach, end, { result: undefined, message });
        return { summary: '' };
      }
      if (!prepared) throw new Error('a management run is applied before its effects are known');
      const effects = effectsOf(prepared);
      const results = await makePatches(reach, end, effects);
      const summary = composeChangeSummary(effects, results, managementAnswers(state));
      const result = summaryWire(summary, effects);
      await completeQueryJob(reach, end, { result, message: summary.summary });
      return { summary: summary.closing };
    },
  };
}

interface Reach {
  readonly clients: ManagementClients;
  readonly callsOf: RunCalls;
  readonly log: Log;
}

async function findEffects(
  reach: Reach,
  execution: StoredExecution,
  answers: readonly ManagementAnswer[],
): Promise<ManagementEffects> {
  const { question: command, reference_time: at } = queryInputOf(execution);
  const assigns = answers.some(({ agentId, answer }) => agentId === assignerId && answer.output.assignee_id);
  const options = () => reach.callsOf(execution, { timeoutMs: callTimeoutMs });
  const [verified, people] = await Promise.all([
    verifyReferences(reach, execution, targetCandidates(answers, command)),
    assigns ? readPeople(reach.clients.teams, options) : { teams: [], users: [] },
  ]);
  const plan = planChanges({ answers, command, verified }, { people, at });
  if ('fault' in plan) throw new OutcomeRefused(plan.fault);
  return prepareEffects(plan, { apply: applyModeOf(execution), nextId: newId });
}

function applyModeOf({ plan }: StoredExecution): ManagementEffects['apply'] {
  const { settings } = fromJsonString(PlanSchema, plan.text);
  return settings?.apply === ApplyMode.REVIEW ? 'review' : 'auto';
}

interface PatchToMake {
  readonly change: PreparedChange;
  readonly patch: PlannedPatch;
}

// One report's patches are made one after the other, in plan order; the reports some at a time.
async function makePatches(reach: Reach, end: EndOfRun, effects: ManagementEffects): Promise<PatchResult[]> {
  const all = effects.changes.flatMap((change) => change.patches.map((patch) => ({ change, patch })));
  const waiting = [...Map.groupBy(all, ({ patch }) => patch.incidentId).values()];
  const results: PatchResult[] = [];
  const worker = async (): Promise<void> => {
    for (let report = waiting.shift(); report; report = waiting.shift()) {
      for (const each of report) results.push(await makePatch(reach, { end, effects }, each));
    }
  };
  const workers = Array.from({ length: reportsAtOnce }, worker);
  try {
    await Promise.all(workers);
  } catch (error) {
    // Whoever tries again does so once nobody is at work any more.
    waiting.length = 0;
    await Promise.allSettled(workers);
    throw error;
  }
  return results;
}

/** Faults about one report alone, which leave the others to be changed. */
const ofOneReport: Partial<Record<FaultReason, PatchEnd>> = {
  not_found: 'deleted',
  invalid_argument: 'refused',
  failed_precondition: 'refused',
};

async function makePatch(
  { clients, callsOf }: Reach,
  { end, effects }: { readonly end: EndOfRun; readonly effects: ManagementEffects },
  { change, patch: { id, incidentId } }: PatchToMake,
): Promise<PatchResult> {
  const { execution, atMs } = end;
  const { agentId, agentVersion, reason, references, status = '', managementData } = change;
  const request = {
    ...{ id, incidentId, status, agentId, agentVersion, reason },
    ...(managementData ? { managementData } : {}),
    references: [...references],
    mode: effects.apply === 'review' ? PatchMode.REVIEW : PatchMode.AUTO,
    jobId: jobIdOf(execution.id),
    queryId: execution.subjectId,
    at: timestampFromMs(atMs),
  };
  const options = callsOf(execution, { timeoutMs: callTimeoutMs, writeTarget: incidentId });
  try {
    const { patch } = await clients.patches.makePatch(request, options);
    return { id, end: patch ? endOfStatus[patch.status] : 'unchanged', message: '' };
  } catch (error) {
    const fault = asFault(error);
    const ofThis = fault.retryAfterMs === undefined ? ofOneReport[fault.reason] : undefined;
    if (!ofThis) throw error;
    return { id, end: ofThis, message: ofThis === 'refused' ? fault.message : '' };
  }
}

const endOfStatus: Readonly<Record<PatchStatus, PatchEnd>> = {
  [PatchStatus.UNSPECIFIED]: 'unchanged',
  [PatchStatus.PROPOSED]: 'proposed',
  [PatchStatus.APPLIED]: 'applied',
  [PatchStatus.REJECTED]: 'withdrawn',
  [PatchStatus.REVERTED]: 'withdrawn',
  [PatchStatus.CONFLICTED]: 'conflicted',
};

function summaryWire(summary: ChangeSummary, { rejected }: ManagementEffects): JobResult {
  const { answers, mapData, referencesUsed, patches } = summary;
  return {
    summary: summary.summary,
    answers: answers.map((each) => ({ ...each, references: [...each.references] })),
    ...(mapData ? { mapData } : {}),
    ...referencesWire(referencesUsed, rejected),
    referencesTotal: referencesUsed.length,
    patches: [...patches],
  };
}
