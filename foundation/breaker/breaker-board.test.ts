// The breakers of a process: found by name, listed, and forced, also those that are made later.
import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '../telemetry/metrics.ts';
import { type BoardBreaker, createBreakerBoard, type ForcedMode } from './breaker-board.ts';
import type { BreakerFigures } from './breaker-figures.ts';

const refusal = 'It is left alone';

function setUp(figures?: BreakerFigures) {
  const time = { nowMs: 0 };
  const logged: object[] = [];
  const note = (fields: object) => void logged.push(fields);
  const metrics = createMetrics({ processMetrics: false });
  const nowMs = () => time.nowMs;
  const log = { info: note, warn: note } as never;
  const board = createBreakerBoard({ metrics, log, nowMs, clock: () => 1_000_000 + time.nowMs, figures });
  const failing = async (wanted: Partial<BoardBreaker> & { readonly key: string }, times: number) => {
    for (let calls = 0; calls < times; calls += 1) {
      const failed = board.of({ refusal, ...wanted }).run(() => Promise.reject(new Error('away')));
      await failed.catch(() => undefined);
    }
  };
  const modes = () => Object.fromEntries(board.states().map(({ key, mode }) => [key, mode]));
  return { board, failing, logged, metrics, modes, time };
}

const forced = (changes: Partial<ForcedMode> = {}): ForcedMode => ({
  ...{ id: 'first', key: 'shop', mode: 'open', agoMs: 0 },
  ...changes,
});

describe('a board of breakers', () => {
  it('lists each with its state, since when, and when it tries again', async () => {
    const { board, failing, time } = setUp();
    board.of({ key: 'bank', refusal });
    time.nowMs = 500;
    await failing({ key: 'shop', limits: { resetMs: 2_000 } }, 5);
    expect(board.states()).toEqual([
      {
        ...{ key: 'bank', mode: 'closed', inARow: 0, isForced: false },
        ...{ sinceMs: 1_000_000, openUntilMs: undefined },
      },
      {
        ...{ key: 'shop', mode: 'open', inARow: 0, isForced: false },
        ...{ sinceMs: 1_000_500, openUntilMs: 1_002_500 },
      },
    ]);
  });

  it('lists a breaker as half open once its time is over, though nobody calls', async () => {
    const { failing, modes, time } = setUp();
    await failing({ key: 'shop' }, 5);
    time.nowMs = 60_000;
    expect(modes()).toEqual({ shop: 'half_open' });
  });

  it('takes figures by name before those of a kind, and those before its own', async () => {
    const figures = { tool: { failuresMax: 2 }, 'tool:b': { failuresMax: 1 } };
    const { failing, modes } = setUp(figures);
    for (const key of ['tool:a', 'tool:b', 'shop']) await failing({ key }, 1);
    expect(modes()).toEqual({ 'tool:a': 'closed', 'tool:b': 'open', shop: 'closed' });
    await failing({ key: 'tool:a' }, 1);
    expect(modes()).toMatchObject({ 'tool:a': 'open' });
  });

  it('forgets those of a kind that were asked for longest ago, and no others', () => {
    const { board, modes } = setUp();
    board.of({ key: 'shop', refusal });
    for (const key of ['tool:a', 'tool:b', 'tool:a', 'tool:c']) board.of({ key, refusal, kindMax: 2 });
    expect(Object.keys(modes())).toEqual(['shop', 'tool:a', 'tool:c']);
  });

  it('logs and measures each change', async () => {
    const { failing, logged, metrics } = setUp();
    await failing({ key: 'shop' }, 5);
    expect(logged).toEqual([{ breaker: 'shop', from: 'closed', to: 'open' }]);
    expect(await metrics.metrics()).toContain('domainflow_breaker_state{name="shop"} 2');
  });
});

describe('a forced mode', () => {
  it('holds for a minute where breakers by themselves try sooner, and is obeyed once', async () => {
    const { board, modes, time } = setUp();
    board.of({ key: 'shop', refusal, limits: { resetMs: 2_000, successesMin: 1 } });
    board.obey([forced()]);
    time.nowMs = 59_999;
    expect(modes()).toEqual({ shop: 'open' });
    time.nowMs = 60_000;
    expect(modes()).toEqual({ shop: 'half_open' });
    await board.of({ key: 'shop', refusal }).run(async () => undefined);
    board.obey([forced({ agoMs: 60_000 })]);
    expect(modes()).toEqual({ shop: 'closed' });
  });

  it('is followed by what the breaker does by itself', async () => {
    const { board, failing, modes } = setUp();
    await failing({ key: 'shop' }, 5);
    board.obey([forced({ mode: 'closed' })]);
    expect(modes()).toEqual({ shop: 'closed' });
    await failing({ key: 'shop' }, 5);
    board.obey([forced({ mode: 'closed' })]);
    expect(modes()).toEqual({ shop: 'open' });
  });

  it('reaches a breaker that is made later, for the rest of its time', () => {
    const { board, time } = setUp();
    board.obey([forced({ agoMs: 20_000 })]);
    time.nowMs = 10_000;
    board.of({ key: 'shop', refusal });
    expect(board.states()).toMatchObject([{ mode: 'open', isForced: true, openUntilMs: 1_040_000 }]);
  });

  it('that was asked for too long ago is over', () => {
    const { board, modes } = setUp();
    board.of({ key: 'shop', refusal });
    board.obey([forced({ agoMs: 60_000 })]);
    expect(modes()).toEqual({ shop: 'closed' });
  });

  it('gives way to the one that was asked for after it', () => {
    const { board, modes } = setUp();
    board.of({ key: 'shop', refusal });
    board.obey([forced()]);
    board.obey([forced({ id: 'second', mode: 'half_open' })]);
    expect(modes()).toEqual({ shop: 'half_open' });
  });
});
