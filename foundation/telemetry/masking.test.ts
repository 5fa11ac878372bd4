// The mask keeps secrets and driver internals out of logs, and bounds what one line can hold.
import { describe, expect, it } from '@jest/globals';
import {
  isSecretKey,
  logDepthMax,
  logEntriesMax,
  logTextCharactersMax,
  maskFields,
  maskText,
} from './masking.ts';

describe('maskFields', () => {
  it.each([
    'authorization',
    'Authorization',
    'db_password',
    'refreshToken',
    'client_secret',
    'credentials',
    'system_prompt',
    'api_key',
    'set-cookie',
  ])('masks the text under %s at any depth', (key) => {
    const masked = maskFields({
      outer: { list: [{ [key]: 'do-not-show' }] },
      [key]: { inner: 'do-not-show' },
    });
    expect(JSON.stringify(masked)).not.toContain('do-not-show');
    expect(masked[key]).toBe('[masked]');
  });

  it.each(['prompt_hash', 'promptHash', 'token_id', 'secret_name', 'prompt_bytes', 'execution_id'])(
    'keeps %s',
    (key) => {
      expect(isSecretKey(key)).toBe(false);
      expect(maskFields({ [key]: 'shown' })).toEqual({ [key]: 'shown' });
    },
  );

  it('keeps counts of tokens', () => {
    expect(maskFields({ input_tokens: 12, token_valid: true })).toEqual({
      input_tokens: 12,
      token_valid: true,
    });
  });

  it('describes an error by its known properties only', () => {
    const error = Object.assign(new Error('broken', { cause: new Error('below') }), {
      code: '23505',
      parameters: ['do-not-show'],
    });
    const masked = maskFields({ err: error });
    expect(masked.err).toMatchObject({
      type: 'Error',
      message: 'broken',
      code: '23505',
      cause: { message: 'below' },
    });
    expect(JSON.stringify(masked)).not.toContain('do-not-show');
  });

  it('keeps what a parser quotes of a text to itself, and where it failed', () => {
    const parse = (text: string) => {
      try {
        return JSON.parse(text);
      } catch (error) {
        return maskFields({ err: new Error('Reading failed', { cause: error }) }).err;
      }
    };
    const described = JSON.stringify(parse('Mary Longfellow says\n    so'));
    expect(described).not.toMatch(/Mary|says/);
    expect(described).toContain('masking.test');
    expect(described).toContain('SyntaxError');
  });

  it('ends on objects that contain themselves', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(JSON.stringify(maskFields(loop)).split('self').length - 1).toBeLessThanOrEqual(logDepthMax + 1);
  });

  it('bounds texts and lists', () => {
    const masked = maskFields({
      text: 'a'.repeat(logTextCharactersMax * 2),
      list: Array.from({ length: 1_000 }, () => 1),
    });
    expect(String(masked.text)).toHaveLength(logTextCharactersMax + 1);
    expect(masked.list).toHaveLength(logEntriesMax);
  });

  it('leaves the given object as it was', () => {
    const fields = { password: 'kept', inner: { token: 'kept' } };
    maskFields(fields);
    expect(fields).toEqual({ password: 'kept', inner: { token: 'kept' } });
  });
});

describe('maskText', () => {
  it.each([
    ['Authorization: Bearer abc.def-1', 'Authorization: Bearer [masked]'],
    ['postgres://app:hunter2@db:5432/domainflow', 'postgres://[masked]@db:5432/domainflow'],
    ['got eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl here', 'got [masked] here'],
    ['host=db password=hunter2 user=app', 'host=db password=[masked] user=app'],
    ['https://host/path?token=abc&x=1', 'https://host/path?token=[masked]&x=1'],
    ['nothing to hide at http://host:80/a', 'nothing to hide at http://host:80/a'],
  ])('turns %j into %j', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });

  it('keeps a JSON line valid', () => {
    const line = JSON.stringify({ msg: 'failed for "postgres://a:b@h" with password=x"', next: 'value' });
    expect(JSON.parse(maskText(line))).toMatchObject({ next: 'value' });
  });
});
