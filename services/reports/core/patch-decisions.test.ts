// Where patches go: every transition that there is, and every one that there is not.
import { describe, expect, it } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import { applyIngestion } from './apply-ingestion.ts';
import type { Patch, PatchStatus } from './patch.ts';
import {
  type Decided,
  decideApply,
  decideMake,
  decideReject,
  decideRevert,
  decideUpdate,
} from './patch-decisions.ts';
import { recording, secondsAfter, someReport } from './report.for-test.ts';
import type { Report } from './report.ts';
import type { Wish } from './report-change.ts';

const ids = {
  first: '01890000-0000-7000-8000-000000000001',
  second: '01890000-0000-7000-8000-000000000002',
  third: '01890000-0000-7000-8000-000000000003',
};
const decision = { by: 'decider', at: secondsAfter(20), mark: 'mark' };
const reverting = { ...decision, id: ids.third, reason: 'a mistake' };
const parts = { jobId: 'job_2', queryId: 'qry_1', agentId: 'agent-1', agentVersion: 3, reason: 'why' };
const newPatch = { id: ids.second, source: 'agent', ...parts, references: [], wishMark: 'w' } as const;

function made(report: Report, wish: Wish, auto: boolean): Decided {
  const at = secondsAfter(10);
  const decided = decideMake(report, { patch: newPatch, wish, auto, by: 'starter', madeAt: at, at });
  if (!decided) throw new Error('nothing changed');
  return decided;
}

function updated(report: Report, wish: Wish, seconds = 5): Decided {
  const decided = decideUpdate(report, wish, { id: ids.first, by: 'person', at: secondsAfter(seconds) });
  if (!decided) throw new Error('nothing changed');
  return decided;
}

function faultOf(act: () => unknown): Fault {
  try {
    act();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('an update by a person', () => {
  it('is an applied patch with an entry in the history', () => {
    const { report, patch } = updated(someReport(), { status: 'assigned', managementData: { a: { b: 1 } } });
    expect(report).toMatchObject({ status: 'assigned', version: 2, updatedAt: secondsAfter(5) });
    const entry = { status: 'assigned', timestamp: secondsAfter(5), by: 'person', action: 'update' };
    expect(report.managementData).toEqual({ a: { b: 1 }, history: [{ ...entry, patch_id: patch.patchId }] });
    expect(patch).toMatchObject({ status: 'applied', source: 'user', revision: 1, decidedBy: 'person' });
    expect(patch.changes).toEqual([
      { path: 'status', before: 'processing', after: 'assigned' },
      { path: 'management_data.a.b', after: 1 },
    ]);
    expect(report.outbox).toEqual([patch]);
  });

  it('is nothing when the report holds all of it', () => {
    const { report } = updated(someReport(), { status: 'assigned', managementData: { a: 1 } });
    const again = { id: ids.second, by: 'person', at: secondsAfter(9) };
    expect(decideUpdate(report, { status: 'assigned', managementData: { a: 1 } }, again)).toBeUndefined();
    expect(decideUpdate(report, recording({}), again)).toBeUndefined();
  });

  it('never lies before what was changed earlier, whatever the clocks say', () => {
    const { report } = updated(someReport(), recording({ a: 1 }), 30);
    const { report: next, patch } = updated(report, recording({ a: 2 }), 7);
    expect([next.updatedAt, patch.createdAt, patch.application?.at]).toEqual(Array(3).fill(secondsAfter(30)));
  });
});

describe("an agent's patch", () => {
  it('waits in review and leaves what the document shows as it is', () => {
    const before = someReport();
    const { report, patch } = made(before, recording({ a: 1 }), false);
    expect(patch).toMatchObject({ status: 'proposed', createdBy: 'starter', decidedBy: '', agentVersion: 3 });
    expect(patch.application).toBeUndefined();
    expect(report).toEqual({ ...before, version: 2, outbox: [patch] });
  });

  it('is applied at once where nobody reviews', () => {
    const { report, patch } = made(someReport(), { status: 'closed', managementData: undefined }, true);
    expect(patch).toMatchObject({ status: 'applied', decidedBy: '', source: 'agent' });
    expect(report.managementData).toMatchObject({ history: [{ action: 'apply', by: 'starter' }] });
  });
});

describe('two proposals', () => {
  it('under one new object can both be applied', () => {
    const first = made(someReport(), recording({ task: { assignee: 'x' } }), false);
    const second = made(someReport(), recording({ task: { due: 'y' } }), false);
    const { report } = decideApply(first.report, first.patch, decision);
    const both = decideApply(report, { ...second.patch, patchId: 'patch_2' }, decision);
    expect(both.failure).toBeUndefined();
    expect(both.report.managementData).toMatchObject({ task: { assignee: 'x', due: 'y' } });
  });

  it('for one value conflict: the second names the path, and the document stays', () => {
    const first = made(someReport(), recording({ a: 1, b: 1 }), false);
    const second = made(someReport(), recording({ a: 2, c: 2 }), false);
    const { report } = decideApply(first.report, first.patch, decision);
    const conflicted = decideApply(report, { ...second.patch, patchId: 'patch_2' }, decision);
    expect(conflicted.patch).toMatchObject({
      status: 'conflicted',
      revision: 2,
      conflictPaths: ['management_data.a'],
    });
    expect(conflicted.failure).toMatchObject({
      reason: 'failed_precondition',
      violations: [{ field: 'management_data.a' }],
    });
    expect(conflicted.report).toMatchObject({
      managementData: report.managementData,
      updatedAt: report.updatedAt,
      version: report.version + 1,
    });
    const again = faultOf(() => decideApply(conflicted.report, conflicted.patch, decision));
    expect(again.violations).toMatchObject([{ field: 'management_data.a' }]);
  });
});

describe('a revert', () => {
  it('is a patch of its own, and both know of each other', () => {
    const { report, patch } = updated(someReport(), recording({ a: { b: { c: 1 } }, d: 2 }));
    const taken = decideRevert(report, patch, reverting);
    expect(taken.report.managementData).toEqual({
      history: [{ action: 'update' }, { action: 'revert', by: 'decider' }].map(expect.objectContaining),
    });
    expect(taken.patch).toMatchObject({ status: 'applied', reverts: patch.patchId, reason: 'a mistake' });
    const state = taken.report.outbox.find(({ patchId }) => patchId === patch.patchId);
    expect(state).toMatchObject({
      ...{ status: 'reverted', revision: 2, revertedBy: taken.patch.patchId, decidedBy: 'decider' },
    });
    const back = decideRevert(taken.report, taken.patch, { ...reverting, id: ids.second });
    expect(back.report.managementData).toMatchObject({ a: { b: { c: 1 } }, d: 2 });
  });

  it('leaves alone what others have put beside the change', () => {
    const { report, patch } = updated(someReport(), recording({ a: { b: 1 } }));
    const beside = made(report, recording({ a: { c: 2 } }), true);
    const { managementData } = decideRevert(beside.report, patch, reverting).report;
    expect(managementData).toMatchObject({ a: { c: 2 } });
    expect(managementData?.a).not.toHaveProperty('b');
  });

  it('is refused when a later change holds a path, and names it', () => {
    const { report, patch } = updated(someReport(), recording({ a: 1, b: 1 }));
    const later = made(report, recording({ b: 2 }), true);
    const fault = faultOf(() => decideRevert(later.report, patch, reverting));
    expect([fault.reason, fault.violations.map(({ field }) => field)]).toEqual([
      'failed_precondition',
      ['management_data.b'],
    ]);
  });

  it.each([
    ['completed', ''],
    ['failed', 'A task failed'],
  ])('of a case status that was set during the run gives what the run has made of it: %s', (own, error) => {
    const { report, patch } = updated(someReport(), { status: 'assigned', managementData: undefined });
    expect(decideRevert(report, patch, reverting).report.status).toBe('processing');
    const at = secondsAfter(8);
    const outcome = { jobId: 'job_1', succeeded: error === '', at, error, clarificationQuestions: [] };
    const ended = applyIngestion(report, outcome);
    if (!ended) throw new Error('the outcome was not applied');
    expect(ended.status).toBe('assigned');
    const taken = decideRevert(ended, patch, reverting);
    expect(taken.report.status).toBe(own);
    expect(taken.patch.changes).toEqual([{ path: 'status', before: 'assigned', after: own }]);
  });
});

describe('a transition', () => {
  const { report, patch } = made(someReport(), recording({ a: 1 }), false);
  const applied = decideApply(report, patch, decision);
  const statuses: readonly PatchStatus[] = ['proposed', 'applied', 'rejected', 'reverted', 'conflicted'];
  const acts = {
    apply: (state: Patch) => decideApply(report, state, decision),
    reject: (state: Patch) => decideReject(report, state, decision),
    revert: (state: Patch) => decideRevert(applied.report, state, reverting),
  };
  const allowed: Readonly<Record<string, PatchStatus>> = {
    apply: 'proposed',
    reject: 'proposed',
    revert: 'applied',
  };
  const cases = Object.entries(acts).flatMap(([name, act]) =>
    statuses.filter((status) => status !== allowed[name]).map((status) => ({ name, act, status })),
  );

  it.each(cases)('$name is refused for a patch that is $status', ({ act, status }) => {
    const fault = faultOf(() => act({ ...patch, status, conflictPaths: ['status'] }));
    expect(fault.reason).toBe('failed_precondition');
  });

  it('to rejected is the last one and leaves the document as it is', () => {
    const rejected = decideReject(report, patch, decision);
    expect(rejected.patch).toMatchObject({ status: 'rejected', decidedBy: 'decider', revision: 2 });
    expect(rejected.report).toEqual({ ...report, version: report.version + 1, outbox: [rejected.patch] });
  });
});
