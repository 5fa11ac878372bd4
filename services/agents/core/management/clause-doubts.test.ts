// Which parts of a command keep the whole from being carried out.
import { describe, expect, it } from '@jest/globals';
import { doubtInClauses } from './clause-doubts.ts';
import { clausesOf } from './clauses.ts';

const doubt = (command: string) => doubtInClauses(clausesOf(command))?.text;

describe('a doubt', () => {
  it.each([
    ['Close the leak if it is fixed', 'Nothing waits for a condition'],
    ['Close the leak once the crew is done', 'Nothing waits for a condition'],
    ["Close all leaks but don't close the one on Elm St", 'contradicts another part'],
    ['Close the leak. Only those on Elm St.', 'is not understood'],
    ['Assign the leak to Ana until Friday', 'is not understood'],
  ])('is in: %s', (command, why) => {
    expect(doubt(command)).toContain(why);
  });

  it.each([
    'Close the leak because it is fixed',
    'Add a note to the leak: if it rains, close the road',
    'Do not assign the leak to Ana, assign it to Bob',
    'Assign the leak to Ana and ask her to inspect it',
  ])('is not in: %s', (command) => {
    expect(doubt(command)).toBeUndefined();
  });
});
