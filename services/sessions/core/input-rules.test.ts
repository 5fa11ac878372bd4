// Limits of titles, questions and domain ids, each at its edges.
import { describe, expect, it } from '@jest/globals';
import { checkDomainId, checkNewTitle, checkQuestion, checkTitle } from './input-rules.ts';

describe('input rules', () => {
  it.each([
    ['a title', checkTitle, 'x'.repeat(200), 'x'.repeat(201)],
    ['a title in code points', checkTitle, '😀'.repeat(200), '😀'.repeat(201)],
    ['a blank title', checkTitle, '', '   '],
    ['a new title', checkNewTitle, '😀'.repeat(200), '😀'.repeat(201)],
    ['an empty new title', checkNewTitle, 'x', ''],
    ['a blank new title', checkNewTitle, 'x', ' \n'],
    ['a question', checkQuestion, 'x'.repeat(1_000), 'x'.repeat(1_001)],
    ['an empty question', checkQuestion, '?', ''],
    ['a blank question', checkQuestion, '?', ' \n'],
    ['a domain id', checkDomainId, `a${'0'.repeat(49)}`, `a${'0'.repeat(50)}`],
    ['a domain id that begins with a digit', checkDomainId, 'a1', '1a'],
    ['a domain id with other characters', checkDomainId, 'a_b', 'a-b'],
  ] as const)('hold for %s', (_, check, good, bad) => {
    expect(check(good)).toEqual([]);
    expect(check(bad)).toHaveLength(1);
  });
});
