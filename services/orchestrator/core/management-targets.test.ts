// Which reports a command is about, as its agents cite them and as it names them.
import { describe, expect, it } from '@jest/globals';
import { answered, existing, incident } from './management-answer.for-test.ts';
import { targetsOf } from './management-targets.ts';

const [one, two, three, unknown] = [1, 2, 3, 4].map(incident) as [string, string, string, string];
const verified = existing([one, two, three]);

/** The targets of the first of these agents, each of which cites these ids, in this runtime. */
function targets(command: string, runtime: string, ...cited: readonly (readonly string[])[]): string[] {
  const answers = cited.map((ids) => {
    const given = answered('other', { risk: 'high' }, ids);
    return { ...given, answer: { ...given.answer, runtime } };
  });
  const [first] = answers;
  return first ? targetsOf(first, { answers, command, verified }) : [];
}

describe('a command that names reports', () => {
  it.each([
    ['no other than these for a model', 'local/small', [one, two, unknown], [one]],
    ['none where a model cites others alone', 'local/small', [two, three], []],
    ['these where a model cites nothing', 'local/small', [], [one]],
    ['these where a model cites what is not there', 'worker:1', [unknown], [one]],
    ['no other than these for a worker', 'worker:1', [two, one], [one]],
    ['whatever the rules of the platform read in it', 'builtin', [one, two], [one, two]],
  ])('is about %s', (_name, runtime, cited, expected) => {
    expect(targets(`Close ${one}`, runtime, cited)).toEqual(expected);
  });

  it('is about these where another agent cites them, and about nothing where that cites others alone', () => {
    expect(targets(`Close ${one}`, 'local/small', [], [two, one])).toEqual([one]);
    expect(targets(`Close ${one}`, 'local/small', [], [two])).toEqual([]);
  });

  it('that are not there is about nothing', () => {
    expect(targets(`Close ${unknown}`, 'local/small', [two])).toEqual([]);
  });
});

describe('a command that names no report', () => {
  it('is about what its agents cite, as far as it is there', () => {
    expect(targets('Close the leaks', 'local/small', [two, unknown])).toEqual([two]);
    expect(targets('Close the leaks', 'local/small', [], [three])).toEqual([three]);
    expect(targets('Close the leaks', 'local/small', [])).toEqual([]);
  });
});
