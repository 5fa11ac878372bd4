// The engine in a simulated world: thousands of histories, each played from its seed, in which processes die, freeze and lose replies, and
// no promise is broken. `SIMULATION_SEEDS=100000` plays more of them, `SIMULATION_SEED=7` plays one and prints what happens in it.
import process from 'node:process';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPlanMaker } from './plan-maker.ts';
import { createRandom, type Random } from './random.ts';
import { type Played, simulate } from './simulate.ts';
import { createVirtualTime, takeTime, type VirtualTime } from './virtual-time.ts';

const seedsUsual = 10_000;
const progressEvery = 1_000;
/** No more histories are played after so many broken ones. */
const brokenMax = Number(process.env.SIMULATION_BROKEN ?? 10);
/** Histories between two turns of the real event loop. */
const turnEvery = 100;
const testMs = 3_600_000;

const { SIMULATION_SEED: onlySeed, SIMULATION_SEEDS: seedsAsked } = process.env;
const seeds = Number(seedsAsked ?? seedsUsual);
const makePlan = createPlanMaker();

let time: VirtualTime;
let random: Random;
let giveBack: () => void;
const unhandled: unknown[] = [];
const onUnhandled = (error: unknown): void => void unhandled.push(error);

beforeAll(() => {
  process.on('unhandledRejection', onUnhandled);
  giveBack = takeTime(
    () => time,
    () => random,
  );
});
afterAll(() => {
  giveBack();
  process.off('unhandledRejection', onUnhandled);
});

async function play(seed: number, traced = false): Promise<Played> {
  time = createVirtualTime();
  random = createRandom(seed);
  const played = await simulate({ time, random, makePlan, traced });
  const [error] = unhandled.splice(0);
  return error === undefined
    ? played
    : { ...played, broken: `a promise is rejected and nobody knows: ${error}` };
}

const print = (text: string): boolean => process.stdout.write(`${text}\n`);

async function playAll(): Promise<string[]> {
  const broken: string[] = [];
  let runs = 0;
  for (let seed = 1; seed <= seeds && broken.length < brokenMax; seed += 1) {
    const played = await play(seed);
    runs += played.runs;
    if (played.broken !== undefined) {
      broken.push(`seed ${seed}: ${played.broken}`);
      print(`SIMULATION_SEED=${seed} replays: ${played.broken}`);
    }
    if (seed % turnEvery === 0) await turn();
    if (seed % progressEvery === 0) print(`${seed} histories, ${runs} runs, ${broken.length} broken`);
  }
  return broken;
}

async function playOne(seed: number): Promise<void> {
  const { broken, lines } = await play(seed, true);
  print(lines.join('\n'));
  expect(broken).toBeUndefined();
}

describe('the engine in a simulated world', () => {
  if (onlySeed !== undefined) {
    it('keeps its promises in the history of the given seed', () => playOne(Number(onlySeed)), testMs);
    return;
  }

  it('keeps its promises in every history', async () => expect(await playAll()).toEqual([]), testMs);

  it('plays the same history from the same seed', async () => {
    const first = await play(11, true);
    const second = await play(11, true);
    expect(second.lines).toEqual(first.lines);
  });
});
