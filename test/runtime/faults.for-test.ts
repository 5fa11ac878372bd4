// A test file in which nearly everything goes wrong that can: what jest says of it shows that it still sees it.
import { beforeAll, describe, expect, it, jest } from '@jest/globals';

jest.setTimeout(100);

it('passes', () => {
  expect(new TypeError('of the same realm')).toBeInstanceOf(Error);
});

it('hangs', () => new Promise(() => {}));

it('finds something else', () => {
  expect(1).toBe(2);
});

it('asserts nothing', () => {
  expect.assertions(1);
});

it('leaves a rejection to nobody', async () => {
  Promise.reject(new Error('nobody caught it'));
  await new Promise(setImmediate);
});

describe('a hook', () => {
  beforeAll(() => {
    throw new Error('the hook failed');
  });

  it('keeps its tests from passing', () => {});
});
