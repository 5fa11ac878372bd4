// Patches over a real socket: their ways, repeated and racing calls, lists, and who may do what.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import { PatchMode, PatchSource, PatchStatus } from '../../../proto/gen/domainflow/reports/v1/patch_pb.js';
import { newCaller, type ReportsUnderTest, startReportsForTest, type TestCaller } from '../app.for-test.ts';
import { faultOf, newReportOf, proposed, readPatch, readReport, wishOf } from './patching.for-test.ts';

let under: ReportsUnderTest;
let caller: TestCaller;

beforeAll(async () => {
  under = await startReportsForTest();
  caller = newCaller();
}, 60_000);

afterAll(async () => {
  await under.stop();
}, 30_000);

const text = (value: string) => ({ kind: { case: 'stringValue', value } });

describe('a proposed patch', () => {
  it('shows its changes, and applying brings them into the document', async () => {
    const incidentId = await newReportOf(under, caller);
    const wish = wishOf(incidentId, { task: { assignee: 'kim' } });
    const patch = await proposed(under, caller, wish);
    expect(patch).toMatchObject({
      ...{ id: wish.id, patchId: prefixedId('patch_', wish.id), incidentId, domainId: 'civic_complaints' },
      ...{ source: PatchSource.AGENT, jobId: wish.jobId, queryId: wish.queryId, agentId: wish.agentId },
      ...{ agentVersion: 1, reason: 'as asked', references: [incidentId], status: PatchStatus.PROPOSED },
      ...{ createdBy: caller.userId, createdAt: wish.at, decidedBy: '', reverts: '', revertedBy: '' },
      changes: [{ path: 'management_data.task.assignee', after: text('kim') }],
    });
    expect([patch.changes[0]?.before, patch.decidedAt]).toEqual([undefined, undefined]);
    expect((await readReport(under, caller, incidentId)).managementData).toBeUndefined();

    const applied = await under.patches.applyPatch({ patchId: patch.patchId }, under.as(caller));
    expect(applied.patch).toMatchObject({ status: PatchStatus.APPLIED, decidedBy: caller.userId });
    expect(applied.replayed).toBe(false);
    expect(applied.report?.managementData).toMatchObject({
      task: { assignee: 'kim' },
      history: [{ action: 'apply', patch_id: patch.patchId, by: caller.userId, status: 'processing' }],
    });
    expect(await readReport(under, caller, incidentId)).toEqual(applied.report);
    expect(await readPatch(under, caller, patch.patchId)).toEqual(applied.patch);
  });

  it('is rejected for good', async () => {
    const incidentId = await newReportOf(under, caller);
    const { patchId } = await proposed(under, caller, wishOf(incidentId, { a: 1 }));
    const { patch } = await under.patches.rejectPatch({ patchId }, under.as(caller));
    expect(patch).toMatchObject({ status: PatchStatus.REJECTED, decidedBy: caller.userId });
    for (const call of [under.patches.applyPatch, under.patches.rejectPatch, under.patches.revertPatch]) {
      expect((await faultOf(call({ patchId }, under.as(caller)))).reason).toBe('failed_precondition');
    }
    expect((await readReport(under, caller, incidentId)).managementData).toBeUndefined();
  });

  it('becomes conflicted when the report has moved on, and the call names the paths', async () => {
    const incidentId = await newReportOf(under, caller);
    const { patchId } = await proposed(under, caller, wishOf(incidentId, { a: 1, b: 1 }));
    await under.reports.updateReport({ incidentId, managementData: { b: 2 } }, under.as(caller));
    const request = { patchId, requestId: 'my request' };
    for (const again of [request, request, { patchId }]) {
      const fault = await faultOf(under.patches.applyPatch(again, under.as(caller)));
      expect([fault.reason, fault.violations.map(({ field }) => field)]).toEqual([
        'failed_precondition',
        ['management_data.b'],
      ]);
    }
    expect(await readPatch(under, caller, patchId)).toMatchObject({ status: PatchStatus.CONFLICTED });
    expect((await readReport(under, caller, incidentId)).managementData).toMatchObject({ b: 2 });
  });
});

describe('a run', () => {
  it('has its patch applied at once where nobody reviews', async () => {
    const incidentId = await newReportOf(under, caller);
    const wish = { ...wishOf(incidentId, {}), status: 'assigned', mode: PatchMode.AUTO };
    const patch = await proposed(under, caller, wish);
    expect(patch.status).toBe(PatchStatus.APPLIED);
    expect(patch.changes).toMatchObject([
      { path: 'status', before: text('processing'), after: text('assigned') },
    ]);
    expect((await readReport(under, caller, incidentId)).status).toBe('assigned');
  });

  it('makes one patch by a repeated call, also by calls that race, and none of another content', async () => {
    const incidentId = await newReportOf(under, caller);
    const wish = wishOf(incidentId, { a: 1 });
    const made = await Promise.all([1, 2, 3, 4].map(() => proposed(under, caller, wish)));
    expect(new Set(made.map(({ patchId }) => patchId)).size).toBe(1);
    await under.patches.rejectPatch({ patchId: made[0]?.patchId ?? '' }, under.as(caller));
    expect(await proposed(under, caller, wish)).toMatchObject({ status: PatchStatus.REJECTED });
    const other = await newReportOf(under, caller);
    const others = [
      { ...wish, managementData: { a: 2 } },
      { ...wish, mode: PatchMode.AUTO },
      { ...wish, incidentId: other },
    ];
    for (const taken of others) {
      expect((await faultOf(proposed(under, caller, taken))).reason).toBe('already_exists');
    }
  });

  it('makes none when there is nothing to change', async () => {
    const incidentId = await newReportOf(under, caller);
    await under.reports.updateReport({ incidentId, managementData: { a: { b: 1 } } }, under.as(caller));
    const run = under.asRun(caller, incidentId, 'management');
    const { patch } = await under.patches.makePatch(wishOf(incidentId, { a: { b: 1 } }), run);
    expect(patch).toBeUndefined();
    expect((await readReport(under, caller, incidentId)).version).toBe(2n);
  });

  it('is told everything that is wrong with its wish', async () => {
    const incidentId = await newReportOf(under, caller);
    const wrong = { ...wishOf(incidentId, { history: [] }), status: 'processing', mode: 0, jobId: 'x' };
    const fault = await faultOf(proposed(under, caller, wrong));
    expect(fault.violations.map(({ field }) => field)).toEqual([
      ...['job_id', 'status', 'management_data.history', 'mode'],
    ]);
  });
});

describe('a revert', () => {
  it('is a new patch that takes the change back', async () => {
    const incidentId = await newReportOf(under, caller);
    const before = await readReport(under, caller, incidentId);
    const change = { incidentId, status: 'assigned', managementData: { task: { assignee: 'kim' } } };
    const { patchId } = await under.reports.updateReport(change, under.as(caller));
    const taken = await under.patches.revertPatch({ patchId, reason: 'wrong report' }, under.as(caller));
    expect(taken.patch).toMatchObject({
      ...{ reverts: patchId, reason: 'wrong report', status: PatchStatus.APPLIED, source: PatchSource.USER },
    });
    expect(taken.report).toMatchObject({ status: before.status, managementData: { history: [{}, {}] } });
    expect(Object.keys(taken.report?.managementData ?? {})).toEqual(['history']);
    const reverted = await readPatch(under, caller, patchId);
    expect(reverted).toMatchObject({ status: PatchStatus.REVERTED, revertedBy: taken.patch?.patchId });
    const again = await faultOf(under.patches.revertPatch({ patchId }, under.as(caller)));
    expect(again.reason).toBe('failed_precondition');
    const back = { patchId: taken.patch?.patchId ?? '' };
    expect((await under.patches.revertPatch(back, under.as(caller))).report).toMatchObject({
      status: 'assigned',
      managementData: { task: { assignee: 'kim' } },
    });
  });

  it('is refused and changes nothing when a later change holds a path', async () => {
    const incidentId = await newReportOf(under, caller);
    const first = await under.reports.updateReport(
      { incidentId, managementData: { a: 1 } },
      under.as(caller),
    );
    await under.reports.updateReport({ incidentId, managementData: { a: 2 } }, under.as(caller));
    const fault = await faultOf(under.patches.revertPatch({ patchId: first.patchId }, under.as(caller)));
    expect([fault.reason, fault.violations[0]?.field]).toEqual(['failed_precondition', 'management_data.a']);
    expect(await readReport(under, caller, incidentId)).toMatchObject({ version: 3n });
    expect(await readPatch(under, caller, first.patchId)).toMatchObject({ status: PatchStatus.APPLIED });
  });
});

describe('a request with a name', () => {
  it('is carried out once and answered again', async () => {
    const incidentId = await newReportOf(under, caller);
    const { patchId } = await proposed(under, caller, wishOf(incidentId, { a: 1 }));
    const apply = () => under.patches.applyPatch({ patchId, requestId: 'apply 1' }, under.as(caller));
    const applied = await Promise.all([apply(), apply(), apply()]);
    expect(applied.map(({ replayed }) => replayed).sort()).toEqual([false, true, true]);
    const answers = applied.map(({ patch, report }) => ({ patch, report }));
    expect(answers).toEqual([answers[0], answers[0], answers[0]]);
    const request = { patchId, requestId: 'revert 1', reason: 'r' };
    const revert = (changes: object = {}) =>
      under.patches.revertPatch({ ...request, ...changes }, under.as(caller));
    const reverted = [await revert(), await revert()];
    expect(reverted.map(({ replayed }) => replayed)).toEqual([false, true]);
    expect(reverted[1]?.patch).toEqual(reverted[0]?.patch);
    expect((await faultOf(revert({ reason: 'another' }))).reason).toBe('request_reused');
    expect((await faultOf(revert({ requestId: 'revert 2' }))).reason).toBe('failed_precondition');
    expect(await apply()).toMatchObject({ replayed: true, patch: { status: PatchStatus.REVERTED } });
    expect((await readReport(under, caller, incidentId)).managementData?.history).toHaveLength(2);
  });

  it('stands for its user, call and patch alone', async () => {
    const colleague = { ...newCaller(), tenantId: caller.tenantId };
    const incidentId = await newReportOf(under, caller);
    const { patchId } = await proposed(under, caller, wishOf(incidentId, { a: 1 }));
    const request = { patchId, requestId: 'one' };
    await under.patches.rejectPatch(request, under.as(caller));
    expect(await under.patches.rejectPatch(request, under.as(caller))).toMatchObject({ replayed: true });
    const others = [
      under.patches.rejectPatch(request, under.as(colleague)),
      under.patches.applyPatch(request, under.as(caller)),
      under.patches.rejectPatch({ ...request, requestId: '' }, under.as(caller)),
    ];
    const faults = await Promise.all(others.map(faultOf));
    expect(faults.map(({ reason }) => reason)).toEqual(Array(3).fill('failed_precondition'));
  });
});

describe('deciders that race', () => {
  it('leave one winner, and the patch and the document agree', async () => {
    for (let round = 0; round < 3; round += 1) {
      const incidentId = await newReportOf(under, caller);
      const { patchId } = await proposed(under, caller, wishOf(incidentId, { a: 1 }));
      const { applyPatch, rejectPatch } = under.patches;
      const calls = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? applyPatch : rejectPatch));
      const ends = await Promise.allSettled(calls.map((call) => call({ patchId }, under.as(caller))));
      const losers = ends.filter((end) => end.status === 'rejected');
      expect(losers.map(({ reason }) => reason.reason)).toEqual(Array(19).fill('failed_precondition'));
      const { status } = await readPatch(under, caller, patchId);
      const winner = ends.findIndex((end) => end.status === 'fulfilled');
      expect(status).toBe(winner % 2 === 0 ? PatchStatus.APPLIED : PatchStatus.REJECTED);
      const report = await readReport(under, caller, incidentId);
      expect([report.version, report.managementData?.a]).toEqual(
        winner % 2 === 0 ? [3n, 1] : [3n, undefined],
      );
    }
  }, 30_000);

  it('take a patch back once, while others change the report beside it', async () => {
    const incidentId = await newReportOf(under, caller);
    const first = await under.reports.updateReport(
      { incidentId, managementData: { a: 1 } },
      under.as(caller),
    );
    const { revertPatch } = under.patches;
    const reverts = Array.from({ length: 10 }, () =>
      revertPatch({ patchId: first.patchId }, under.as(caller)),
    );
    const writes = Array.from({ length: 10 }, (_, n) =>
      under.reports.updateReport({ incidentId, managementData: { [`b${n}`]: n } }, under.as(caller)),
    );
    const [ends] = await Promise.all([Promise.allSettled(reverts), Promise.all(writes)]);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { managementData } = await readReport(under, caller, incidentId);
    const { history, ...content } = managementData ?? {};
    expect(content).toEqual(Object.fromEntries(writes.map((_, n) => [`b${n}`, n])));
    expect(history).toHaveLength(12);
    const { patches } = await under.patches.listPatches({ incidentId }, under.as(caller));
    expect(patches).toHaveLength(12);
  }, 30_000);
});

describe('lists of patches', () => {
  it('are of a report or of all, by status and domain, in pages and by cursor', async () => {
    const own = newCaller();
    const [first, second] = [await newReportOf(under, own), await newReportOf(under, own, 'crop_disease')];
    const made: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      const wish = wishOf(n % 3 === 0 ? second : first, { n });
      made.unshift((await proposed(under, own, wish)).patchId);
    }
    await under.patches.rejectPatch({ patchId: made[0] ?? '' }, under.as(own));
    const list = async (request: object) => {
      const { patches, page } = await under.patches.listPatches(request, under.as(own));
      return { ids: patches.map(({ patchId }) => patchId), page };
    };
    expect(await list({})).toMatchObject({ ids: made, page: { total: 12n, nextCursor: '' } });
    expect((await list({ page: { page: 2, limit: 5 } })).ids).toEqual(made.slice(5, 10));
    expect((await list({ status: PatchStatus.REJECTED })).ids).toEqual(made.slice(0, 1));
    expect((await list({ status: PatchStatus.PROPOSED })).ids).toEqual(made.slice(1));
    expect(await list({ domainId: 'crop_disease' })).toMatchObject({ page: { total: 4n } });
    expect(await list({ incidentId: first })).toMatchObject({ page: { total: 8n } });
    expect(await list({ incidentId: second, domainId: 'civic_complaints' })).toMatchObject({ ids: [] });
    const walked: string[] = [];
    let cursor = '';
    do {
      const { ids, page } = await list({ page: { limit: 5, cursor } });
      walked.push(...ids);
      cursor = page?.nextCursor ?? '';
    } while (cursor !== '');
    expect(walked).toEqual(made);
  });

  it('refuse what is no filter, and a cursor of other filters or of another tenant', async () => {
    const own = newCaller();
    const incidentId = await newReportOf(under, own);
    for (const n of [1, 2]) await proposed(under, own, wishOf(incidentId, { n }));
    const { page } = await under.patches.listPatches({ page: { limit: 1 } }, under.as(own));
    const cursor = page?.nextCursor ?? '';
    const refused = [
      under.patches.listPatches({ incidentId, page: { cursor } }, under.as(own)),
      under.patches.listPatches({ page: { cursor } }, under.as(caller)),
      under.patches.listPatches({ status: 99 as PatchStatus }, under.as(own)),
      under.patches.listPatches({ domainId: 'No Domain' }, under.as(own)),
    ];
    const faults = await Promise.all(refused.map(faultOf));
    expect(faults.map(({ violations }) => violations[0]?.field)).toEqual([
      ...['cursor', 'cursor', 'status', 'domain_id'],
    ]);
    const unknown = { incidentId: prefixedId('inc_', newId()) };
    expect((await faultOf(under.patches.listPatches(unknown, under.as(own)))).reason).toBe('not_found');
  });
});

describe('patches', () => {
  it('of another tenant, of no tenant and of deleted reports cannot be told apart', async () => {
    const incidentId = await newReportOf(under, caller);
    const { patchId } = await proposed(under, caller, wishOf(incidentId, { a: 1 }));
    const gone = await newReportOf(under, caller);
    const ofGone = await proposed(under, caller, wishOf(gone, { a: 1 }));
    await under.reports.deleteReport({ incidentId: gone }, under.asRun(caller, gone, 'deletion'));
    const stranger = newCaller();
    const { getPatch, applyPatch, rejectPatch, revertPatch } = under.patches;
    const asked: [string, TestCaller][] = [
      [patchId, stranger],
      [ofGone.patchId, caller],
      [prefixedId('patch_', newId()), caller],
      ['patch_1', caller],
      ['', caller],
      [`${patchId}#`, caller],
    ];
    const calls = asked.flatMap(([id, who]) =>
      [getPatch, applyPatch, rejectPatch, revertPatch].map((call) => call({ patchId: id }, under.as(who))),
    );
    const faults = await Promise.all(calls.map(faultOf));
    expect(new Set(faults.map(({ reason, message }) => `${reason}: ${message}`))).toEqual(
      new Set(['not_found: No such patch']),
    );
    const { patches } = await under.patches.listPatches({}, under.as(stranger));
    expect(patches).toEqual([]);
  });

  it('are made by the management run of the report alone, and decided by persons who may', async () => {
    const incidentId = await newReportOf(under, caller);
    const wish = wishOf(incidentId, { a: 1 });
    const { patchId } = await proposed(under, caller, wish);
    const makers = [
      under.as(caller),
      under.as(caller, 'admin'),
      under.asRun(caller, incidentId, 'query'),
      under.asRun(caller, incidentId, 'ingestion'),
      under.asRun(caller, wish.queryId, 'management'),
      under.asRun(caller, '', 'management'),
    ];
    for (const options of makers) {
      const fault = await faultOf(under.patches.makePatch({ ...wish, id: newId() }, options));
      expect(fault.reason).toBe('permission_denied');
    }
    const deciders = [under.as(caller, 'viewer'), under.asRun(caller, incidentId, 'management')];
    const { applyPatch, rejectPatch, revertPatch } = under.patches;
    for (const options of deciders) {
      for (const call of [applyPatch, rejectPatch, revertPatch]) {
        expect((await faultOf(call({ patchId }, options))).reason).toBe('permission_denied');
      }
      const update = under.reports.updateReport({ incidentId, status: 'x' }, options);
      expect((await faultOf(update)).reason).toBe('permission_denied');
    }
    expect(await readPatch(under, caller, patchId)).toMatchObject({ status: PatchStatus.PROPOSED });
  });
});
