// What is taken out of the answers of tools: credentials, wherever and however they stand there.
import { describe, expect, it } from '@jest/globals';
import { jsonWithoutSecrets, withoutSecrets } from './secrets-in.ts';

describe('what a tool answers', () => {
  it.each([
    ['key sk-live-1 and sk-live-1', ['sk-live-1'], 'key [credential] and [credential]'],
    ['Bearer sk-live-1', ['sk-live', 'Bearer sk-live-1'], '[credential]'],
    ['{"key":"a\\"bcdef"}', ['a"bcdef'], '{"key":"[credential]"}'],
    ['abc', ['abc'], 'abc'],
    ['', [''], ''],
  ])('%j without %j is %j', (text, secrets, expected) => {
    expect(withoutSecrets(text, secrets)).toBe(expected);
  });

  it('as JSON has them neither in texts nor in keys', () => {
    const value = { 'sk-live-1': [{ note: 'is sk-live-1' }] };
    expect(jsonWithoutSecrets(value, ['sk-live-1'])).toEqual({
      '[credential]': [{ note: 'is [credential]' }],
    });
  });
});
