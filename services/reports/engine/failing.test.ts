// Documents that cannot be followed wait ever longer, each on its own, and keep no other waiting.
import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { Fault } from '../../../foundation/fault/fault.ts';
import { createLog } from '../../../foundation/telemetry/log.ts';
import type { ReportKey } from '../core/report.ts';
import { createFailing } from './failing.ts';
import { startSweeper } from './sweeper.ts';

const keyOf = (incidentId: string): ReportKey => ({ tenantId: 't', incidentId });

describe('a document that failed', () => {
  it('is due after a second, and after twice as long each further time, up to a minute', () => {
    let nowMs = 0;
    const failing = createFailing(() => nowMs);
    const waits = Array.from({ length: 9 }, () => {
      failing.note(keyOf('a'));
      const startMs = nowMs;
      while (!failing.isDue(keyOf('a'))) nowMs += 500;
      return nowMs - startMs;
    });
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect([failing.isDue(keyOf('b')), failing.count()]).toEqual([true, 1]);
    failing.forget(keyOf('a'));
    failing.note(keyOf('a'));
    nowMs += 1_000;
    expect(failing.isDue(keyOf('a'))).toBe(true);
  });

  it('is one of a thousand that are remembered', () => {
    const failing = createFailing(() => 0);
    for (let at = 0; at < 1_200; at += 1) failing.note(keyOf(`inc_${at}`));
    expect([failing.count(), failing.isDue(keyOf('inc_0')), failing.isDue(keyOf('inc_1199'))]).toEqual([
      1_000,
      true,
      false,
    ]);
  });
});

describe('a sweep', () => {
  it.each(['unavailable', 'internal'] as const)(
    'brings every other document though the oldest ones fail as %s',
    async (reason) => {
      const bad = Array.from({ length: 8 }, (_, at) => `bad ${at}`);
      const good = Array.from({ length: 32 }, (_, at) => `good ${at}`);
      const waiting = new Set([...bad, ...good]);
      const { promise: brought, resolve } = Promise.withResolvers<void>();
      const sweeper = startSweeper({
        pending: {
          shards: 1,
          list: async (_shard, limit) =>
            [...waiting]
              .slice(0, limit)
              .map((id, at) => ({ ...keyOf(id), markedAt: new Date(at).toISOString() })),
        },
        catchUp: async ({ incidentId }) => {
          if (incidentId.startsWith('bad')) throw new Fault(reason, 'It is not taken');
          waiting.delete(incidentId);
          if (waiting.size === bad.length) resolve();
        },
        tidy: async () => undefined,
        log: createLog({ service: 'test', level: 'silent' }),
        metrics: new Registry(),
        clock: Date.now,
      });
      await brought;
      await sweeper.stop();
      expect([...waiting]).toEqual(bad);
    },
  );
});
