// The labelled commands of a dispatcher, and how many of them are understood. To ask where a command was clear costs a point of its class;
// to change anything that was not meant fails the suite, however rare.
import { describe, expect, it } from '@jest/globals';
import { linesOf, type Outcome, openStage } from './command-stage.for-test.ts';

interface Turn extends Partial<Pick<Outcome, 'change'>> {
  readonly say: string;
  /** The kind of the question that must come back, or `any`. */
  readonly ask?: string;
  /** Exactly what it must offer, in any order; absent where the label leaves it open. */
  readonly offers?: readonly string[];
}

interface Session {
  readonly class: string;
  /** Keys of the reports that the last answer showed. */
  readonly shown?: readonly string[];
  readonly turns: readonly Turn[];
}

/** The share of sessions of a class that must be right in every turn. */
const floors: Readonly<Record<string, number>> = {
  assign: 0.95,
  people: 0.95,
  status: 0.95,
  details: 0.95,
  targets: 0.9,
  session: 0.95,
  compound: 0.9,
  which: 0.9,
  guard: 1,
  varied: 0.95,
};

interface Judged {
  readonly session: Session;
  readonly isRight: boolean;
  /** What was changed though it was not meant; absent for nothing. */
  readonly wrong?: string;
}

async function judge(session: Session): Promise<Judged> {
  const stage = openStage(session.shown ?? []);
  for (const turn of session.turns) {
    const outcome = await stage.say(turn.say);
    const isAsWanted = sameChange(outcome.change, turn.change ?? {});
    if (!isAsWanted && Object.keys(outcome.change).length > 0) {
      return { session, isRight: false, wrong: `${turn.say} → ${JSON.stringify(outcome.change)}` };
    }
    if (!isAsWanted || !asksAsWanted(outcome, turn)) return { session, isRight: false };
  }
  return { session, isRight: true };
}

function sameChange(one: Outcome['change'], other: Outcome['change']): boolean {
  const plain = (change: Outcome['change']) =>
    JSON.stringify(
      Object.entries(change)
        .map(([key, set]) => [key, Object.entries(set).sort()] as const)
        .sort(([a], [b]) => a.localeCompare(b)),
    );
  return plain(one) === plain(other);
}

function asksAsWanted({ ask }: Outcome, { ask: kind, offers }: Turn): boolean {
  if (kind === undefined) return ask === undefined;
  if (ask === undefined || (kind !== 'any' && kind !== ask.kind)) return false;
  return offers === undefined || [...offers].sort().join() === [...ask.offers].sort().join();
}

const judged = await Promise.all((await linesOf<Session>('commands.jsonl')).map(judge));

describe('the labelled commands', () => {
  it('never change what was not meant', () => {
    expect(judged.flatMap(({ wrong }) => wrong ?? [])).toEqual([]);
  });

  it('name a floor for each class', () => {
    expect(new Set(judged.map(({ session }) => session.class))).toEqual(new Set(Object.keys(floors)));
  });

  it.each(Object.entries(floors))('of the class %s are right in at least a share of %d', (name, floor) => {
    const ofClass = judged.filter(({ session }) => session.class === name);
    const missed = ofClass
      .filter(({ isRight }) => !isRight)
      .map(({ session }) => session.turns.map(({ say }) => say));
    const share = 1 - missed.length / ofClass.length;
    // The missed ones are told where the share is too small.
    expect(share >= floor ? 'enough' : { share, missed }).toBe('enough');
  });
});
