// A stream that outlives its connection: when it is opened again, after what, and when not.
import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { Fault } from '../../foundation/fault/fault.ts';
import { WatchOwnResponseSchema } from '../../proto/gen/domainflow/orchestrator/v1/watch_service_pb.js';
import { type FollowWatchOptions, followWatch, type WatchStep } from './follow-watch.ts';

const stepAt = (place: string, isLast = false): WatchStep => {
  const value = { seq: BigInt(place.replace(/\D/g, '') || 0), last: isLast };
  return { told: create(WatchOwnResponseSchema, { told: { case: 'event', value } }).told, place };
};

type Script = (place: string, signal: AbortSignal) => AsyncIterable<WatchStep>;

async function read(
  scripts: readonly Script[],
  more: Partial<FollowWatchOptions> = {},
): Promise<{ places: string[]; opened: string[]; pauses: number[] }> {
  const [places, opened, pauses]: [string[], string[], number[]] = [[], [], []];
  const steps = followWatch({
    open: (place, signal) => {
      opened.push(place);
      const script = scripts[opened.length - 1];
      if (!script) throw new Fault('not_found', 'The script is over');
      return script(place, signal);
    },
    from: '0',
    signal: new AbortController().signal,
    endsWithRun: true,
    pause: async (waitMs) => void pauses.push(waitMs),
    ...more,
  });
  for await (const { place } of steps) places.push(place);
  return { places, opened, pauses };
}

const telling = (...steps: readonly WatchStep[]): Script =>
  async function* () {
    yield* steps;
  };
const failing: Script = () => {
  throw new Fault('unavailable', 'Away');
};

describe('a stream that is followed', () => {
  it('ends with the run, without asking again', async () => {
    const { places, opened } = await read([telling(stepAt('1'), stepAt('2', true))]);
    expect([places, opened]).toEqual([['1', '2'], ['0']]);
  });

  it('that stays silent is left and opened again after its last step', async () => {
    const silent: Script = async function* (_place, signal) {
      yield stepAt('1');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw signal.reason;
    };
    const { places, opened } = await read([silent, telling(stepAt('2', true))], { silenceMs: 5 });
    expect([places, opened]).toEqual([
      ['1', '2'],
      ['0', '1'],
    ]);
  });

  it('waits longer and longer while nothing comes, and 5 s at most', async () => {
    const away = Array.from({ length: 20 }, () => failing);
    const { pauses, opened } = await read([telling(stepAt('1')), ...away, telling(stepAt('2', true))]);
    expect(opened).toHaveLength(22);
    expect(pauses).toHaveLength(21);
    for (const [n, waitMs] of pauses.entries()) {
      expect(waitMs).toBeLessThanOrEqual(Math.min(100 * 2 ** n, 5_000));
    }
    expect(Math.max(...pauses)).toBeGreaterThan(1_000);
  });

  it('is over when it ends empty twice in a row, and only then', async () => {
    expect((await read([telling(), telling()])).opened).toEqual(['0', '0']);
    const { places, opened } = await read([
      telling(),
      telling(stepAt('1')),
      telling(),
      failing,
      telling(),
      telling(),
    ]);
    expect(places).toEqual(['1']);
    expect(opened).toEqual(['0', '0', '1', '1', '1', '1']);
  });

  it('of many runs is over for no end of theirs, nor for being empty', async () => {
    const scripts = [telling(), telling(), telling(stepAt('1', true)), telling(stepAt('2'))];
    const reading = read(scripts, { endsWithRun: false });
    await expect(reading).rejects.toThrow('The script is over');
  });

  it('fails for its reader while it has not begun, and later for what does not pass', async () => {
    await expect(read([failing])).rejects.toThrow('Away');
    await expect(read([telling(stepAt('1'))])).rejects.toThrow('The script is over');
  });

  it('ends with its signal, by the reason of that', async () => {
    const over = new AbortController();
    const pause = async () => over.abort(new Fault('cancelled', 'Gone'));
    const reading = read([telling(stepAt('1')), failing], { signal: over.signal, pause });
    await expect(reading).rejects.toThrow('Gone');
  });
});
