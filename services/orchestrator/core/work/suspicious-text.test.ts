// What is taken for an attack, and what only sounds like one.
import { describe, expect, it } from '@jest/globals';
import { suspicionOf } from './suspicious-text.ts';

describe('a text', () => {
  it.each([
    '<script>alert(1)</script>',
    '< ScRiPt src=x>',
    '<img src=x onerror=alert(1)>',
    'javascript:void(0)',
    'data:text/html;base64,PHN',
    'x" onload= "y',
    'document.cookie',
    'eval(code)',
  ])('%j looks like a script', (text) => {
    expect(suspicionOf(text)).toBe('looks like a script');
  });

  it.each([
    "'; drop table tasks; --",
    'drop table users',
    "' or 1=1",
    'x or 1 = 1',
    "' OR 'a'='a",
    'union select password from users',
    'UNION ALL SELECT 1',
    'select * from workers',
    'insert into users (name)',
    'delete from users where 1=1',
    'update users set role = 1',
    "admin'--",
    'a/**/b',
    'exec xp_cmdshell',
    'pg_sleep(10)',
    'waitfor delay',
    '1; shutdown',
  ])('%j looks like SQL', (text) => {
    expect(suspicionOf(text)).toBe('looks like SQL');
  });

  it.each([
    'Select images from the union of cameras',
    'Drop-off detector (v2.1), north',
    'Delete duplicates and update maps',
    'insert-labels',
    'Order 66 and 67',
    'script runner',
    'on-call team',
    'Straßenschäden erkennen',
    "O'Neill's table",
    'create reports',
    'a -- b',
    'C/C++ *all*',
    'sleep tracker (night)',
  ])('%j is none', (text) => {
    expect(suspicionOf(text)).toBeUndefined();
  });

  it('of any length is judged in time', () => {
    const startedMs = performance.now();
    for (const piece of ['select a,', '< ', "' ", '/*', 'or 1', 'x.', 'insert into a', 'on']) {
      suspicionOf(piece.repeat(10_000));
    }
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});
