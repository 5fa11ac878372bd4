// The past of a report: after any history of changes, every moment is read back as it was recorded.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Fault } from '../../../foundation/fault/fault.ts';
import { prefixedId } from '../../../foundation/ids/ids.ts';
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import { applyIngestion } from './apply-ingestion.ts';
import { reportAsOf } from './as-of.ts';
import { recordedOf } from './history.ts';
import { makeChanges } from './json-change.ts';
import { type Patch, withStates } from './patch.ts';
import {
  type Decided,
  decideApply,
  decideMake,
  decideReject,
  decideRevert,
  decideUpdate,
} from './patch-decisions.ts';
import { recording, secondsAfter, someJsonObject, someReport, submittedAt } from './report.for-test.ts';
import type { Report } from './report.ts';
import { changeableOf } from './report-change.ts';

type Step =
  | { readonly do: 'update' | 'auto' | 'review'; readonly status: string; readonly data: object }
  | { readonly do: 'apply' | 'reject' | 'revert'; readonly which: number }
  | { readonly do: 'outcome'; readonly succeeded: boolean };

const status = fc.constantFrom('', '', 'assigned', 'closed', 'completed');
const steps: fc.Arbitrary<readonly (Step & { readonly wait: number })[]> = fc.array(
  fc
    .tuple(
      fc.oneof<fc.Arbitrary<Step>[]>(
        fc.record({ do: fc.constantFrom('update', 'auto', 'review'), status, data: someJsonObject }) as never,
        fc.record({ do: fc.constantFrom('apply', 'reject', 'revert', 'revert'), which: fc.nat(6) }) as never,
        fc.record({ do: fc.constant('outcome'), succeeded: fc.boolean() }) as never,
      ),
      fc.nat(2),
    )
    .map(([step, wait]) => ({ ...step, wait })),
  { maxLength: 14 },
);

interface World {
  report: Report;
  patches: readonly Patch[];
  seconds: number;
  contentVersion: number;
  readonly records: { at: string; report: Report; contentVersion: number }[];
}

function idOf(n: number): string {
  return `01890000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
}

function decided(world: World, step: Step): Decided | Report | undefined {
  const { report, patches } = world;
  const at = secondsAfter(world.seconds);
  const id = idOf(world.patches.length + 1);
  if (step.do === 'outcome') {
    const findings = { ingestionData: { found: 1 }, provenance: {}, conflicts: [] };
    const error = step.succeeded ? '' : 'A task failed';
    const outcome = { jobId: 'job_1', succeeded: step.succeeded, findings, confidence: 0.5, at, error };
    return applyIngestion(report, { ...outcome, clarificationQuestions: ['Where?'] });
  }
  if ('which' in step) {
    const patch = patches[step.which % Math.max(1, patches.length)];
    if (!patch) return undefined;
    const decision = { by: 'decider', at, mark: 'm' };
    if (step.do === 'apply') return decideApply(report, patch, decision);
    if (step.do === 'reject') return decideReject(report, patch, decision);
    return decideRevert(report, patch, { ...decision, id, reason: '' });
  }
  const wish = { status: step.status, managementData: step.data as never };
  if (step.do === 'update') return decideUpdate(report, wish, { id, by: 'person', at });
  const parts = { jobId: 'job_2', queryId: 'qry_1', agentId: 'agent-1', agentVersion: 1, reason: '' };
  const patch = { id, source: 'agent', ...parts, references: [], wishMark: 'w' } as const;
  return decideMake(report, { patch, wish, auto: step.do === 'auto', by: 'starter', madeAt: at, at });
}

function take(world: World, step: Step & { readonly wait: number }): void {
  world.seconds += step.wait;
  try {
    const made = decided(world, step);
    if (!made) return;
    const next = 'report' in made ? made.report : made;
    expect(next.version).toBe(world.report.version + 1);
    world.patches = withStates(world.patches, next.outbox);
    if (!('report' in made) || made.patch.application?.version === next.version)
      world.contentVersion = next.version;
    world.report = { ...next, outbox: [] };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    expect(error.reason).toBe('failed_precondition');
  }
  const { report, contentVersion } = world;
  world.records.push({ at: secondsAfter(world.seconds), report, contentVersion });
}

function lived(taken: readonly (Step & { readonly wait: number })[]): World {
  const report = someReport();
  const records = [{ at: submittedAt, report, contentVersion: 1 }];
  const world: World = { report, patches: [], seconds: 0, contentVersion: 1, records };
  for (const step of taken) take(world, step);
  return world;
}

function shown(report: Report): string {
  const {
    version: _,
    outbox: __,
    appliedJobId: ___,
    findingsAt: ____,
    findingsVersion: _____,
    ...rest
  } = report;
  return canonicalJson(rest);
}

describe('the past of a report', () => {
  it('is at every moment what was recorded then', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const { report, patches, records } = lived(taken);
        for (const { at } of records) {
          const last = records.findLast((record) => record.at <= at);
          const past = reportAsOf(report, patches.toReversed(), at);
          expect(past && shown(past)).toBe(last && shown(last.report));
          if (at < report.updatedAt) expect(past?.version).toBe(last?.contentVersion);
        }
        expect(reportAsOf(report, patches, secondsAfter(-1))).toBeUndefined();
      }),
      { seed: 5, numRuns: 1_500 },
    );
  });

  it('leads by its applied patches alone to what the document holds', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const { report, patches } = lived(taken);
        const byId = new Map(patches.map((patch) => [patch.patchId, patch]));
        const applied = patches
          .filter(({ application }) => application)
          .sort((a, b) => (a.application?.version ?? 0) - (b.application?.version ?? 0));
        const folded = applied.reduce((object, { changes, reverts }) => {
          const prune = byId.get(reverts)?.application?.created;
          return makeChanges(object, changes, prune).object;
        }, changeableOf(someReport()));
        expect(canonicalJson(folded.management_data)).toBe(
          canonicalJson(recordedOf(report.managementData).content),
        );
        expect(recordedOf(report.managementData).history).toMatchObject(
          applied.map(({ patchId }) => ({ patch_id: patchId })),
        );
      }),
      { seed: 6, numRuns: 500 },
    );
  });

  it('knows histories that are longer than the document holds', () => {
    let report = someReport();
    const patches: Patch[] = [];
    for (let n = 1; n <= 130; n += 1) {
      const made = decideUpdate(report, recording({ n }), { id: idOf(n), by: 'u', at: secondsAfter(n) });
      if (!made) throw new Error('nothing changed');
      patches.push(made.patch);
      report = { ...made.report, outbox: [] };
    }
    const histories = [130, 120, 20].map(
      (n) => recordedOf(reportAsOf(report, patches, secondsAfter(n))?.managementData).history,
    );
    expect(histories.map(({ length }) => length)).toEqual([100, 100, 20]);
    expect(histories[1]?.[0]).toMatchObject({ timestamp: secondsAfter(21), action: 'update', by: 'u' });
    expect(histories[2]?.at(-1)).toMatchObject({ patch_id: prefixedId('patch_', idOf(20)) });
  });

  it('keeps the history that an import brought', () => {
    const entry = { status: 'closed', timestamp: '2020-01-01T00:00:00.000Z', by: 'old', action: 'x' };
    const imported = someReport({ status: 'closed', managementData: { a: 1, history: [entry] } });
    const made = decideUpdate(imported, recording({ a: 2 }), { id: idOf(1), by: 'u', at: secondsAfter(5) });
    if (!made) throw new Error('nothing changed');
    const past = reportAsOf(made.report, [made.patch], secondsAfter(1));
    expect(past?.managementData).toEqual({ a: 1, history: [entry] });
  });

  it('passes over patches that are newer than the document that was read', () => {
    const first = { id: idOf(1), by: 'u', at: secondsAfter(5) };
    const made = decideUpdate(someReport(), recording({ a: 1 }), first);
    const outcome = { jobId: 'job_1', succeeded: true, clarificationQuestions: [], error: '' };
    const ended = made && applyIngestion(made.report, { ...outcome, at: secondsAfter(6) });
    const closing = { status: 'closed', managementData: undefined };
    const later = ended && decideUpdate(ended, closing, { id: idOf(2), by: 'u', at: secondsAfter(7) });
    if (!made || !later) throw new Error('nothing changed');
    const past = reportAsOf(made.report, [made.patch, later.patch], secondsAfter(1));
    expect(past).toMatchObject({ status: 'processing', managementData: undefined });
  });
});
