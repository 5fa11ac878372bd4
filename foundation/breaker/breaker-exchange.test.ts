// What a process tells of its breakers: everything at first, then only what is new, and everything again when it was not heard.
import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '../telemetry/metrics.ts';
import { createBreakerBoard } from './breaker-board.ts';
import { type BreakerOrders, type BreakerReport, exchangeBreakers, thisProcess } from './breaker-exchange.ts';

/** Runs as many exchanges as there are answers and tells what was told; an error as an answer is one that fails. */
async function exchanged(answers: readonly (BreakerOrders | Error)[]) {
  const log = { info: () => undefined, warn: () => undefined };
  const board = createBreakerBoard({
    ...{ metrics: createMetrics({ processMetrics: false }), log, nowMs: () => 0 },
  });
  board.of({ key: 'shop', refusal: 'It is left alone' });
  const reports: BreakerReport[] = [];
  const done = Promise.withResolvers<void>();
  const stop = exchangeBreakers({
    ...{ process: thisProcess('test'), board, log, everyMs: 0 },
    exchange: async (report) => {
      const answer = answers[reports.length] ?? new Error('No more');
      reports.push(report);
      if (reports.length >= answers.length) done.resolve();
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  await done.promise;
  await stop();
  return {
    board,
    told: reports.slice(0, answers.length).map(({ states }) => states?.map(({ mode }) => mode)),
  };
}

const heard: BreakerOrders = { forced: [], isKnown: true };

describe('the exchange of breakers', () => {
  it('tells states once, as long as nothing changes', async () => {
    expect((await exchanged([heard, heard, heard])).told).toEqual([['closed'], undefined, undefined]);
  });

  it('obeys what it is told, and tells what came of it', async () => {
    const orders = { ...heard, forced: [{ id: 'one', key: 'shop', mode: 'open', agoMs: 0 } as const] };
    const { board, told } = await exchanged([orders, orders, orders]);
    expect(told).toEqual([['closed'], ['open'], undefined]);
    expect(board.states()).toMatchObject([{ mode: 'open', isForced: true }]);
  });

  it('tells everything again to who does not know it any more, and after it was not heard', async () => {
    const forgotten = { ...heard, isKnown: false };
    const { told } = await exchanged([heard, forgotten, heard, new Error('away'), heard]);
    expect(told).toEqual([['closed'], undefined, ['closed'], undefined, ['closed']]);
  });
});
