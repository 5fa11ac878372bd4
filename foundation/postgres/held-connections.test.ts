// Connections that do not come back are reported, then closed.
import { describe, expect, it } from '@jest/globals';
import { createHeldConnections, heldCloseMs, heldReportMs } from './held-connections.ts';
import type { HeldConnection } from './pool-observer.ts';

function setUp() {
  const reports: HeldConnection[] = [];
  let nowMs = 0;
  const held = createHeldConnections(
    () => nowMs,
    (report) => reports.push(report),
  );
  const sweepAt = (timeMs: number): void => {
    nowMs = timeMs;
    held.sweep();
  };
  return { held, reports, sweepAt };
}

describe('held connections', () => {
  it('are reported once with the place that took them, and later closed', () => {
    const { held, reports, sweepAt } = setUp();
    let closed = 0;
    held.watch(() => {
      closed += 1;
    }, new Error('taken'));
    sweepAt(heldReportMs - 1);
    expect(reports).toEqual([]);
    sweepAt(heldReportMs);
    sweepAt(heldReportMs + 1);
    sweepAt(heldCloseMs - 1);
    expect(reports).toEqual([
      { heldMs: heldReportMs, callSite: expect.stringContaining('held-connections.test'), closed: false },
    ]);
    expect(closed).toBe(0);
    sweepAt(heldCloseMs);
    sweepAt(heldCloseMs * 2);
    expect(reports.slice(1)).toEqual([{ heldMs: heldCloseMs, callSite: expect.any(String), closed: true }]);
    expect([closed, held.count()]).toEqual([1, 0]);
  });

  it('are reported and closed after the times that are set', () => {
    const reports: boolean[] = [];
    let nowMs = 0;
    const onHeld = ({ closed }: HeldConnection) => void reports.push(closed);
    const held = createHeldConnections(() => nowMs, onHeld, { reportMs: 10, closeMs: 20 });
    held.watch(() => undefined, new Error('taken'));
    for (nowMs of [9, 10, 19, 20]) held.sweep();
    expect(reports).toEqual([false, true]);
  });

  it('are reported before they are closed, also when nobody looked for long', () => {
    const { held, reports, sweepAt } = setUp();
    held.watch(() => undefined, new Error('taken'));
    sweepAt(heldCloseMs);
    expect(reports.map(({ closed }) => closed)).toEqual([false, true]);
  });

  it('are forgotten when they come back in time', () => {
    const { held, reports, sweepAt } = setUp();
    const back = held.watch(() => undefined, new Error('taken'));
    expect(held.count()).toBe(1);
    back();
    sweepAt(heldCloseMs);
    expect([reports, held.count()]).toEqual([[], 0]);
  });
});
