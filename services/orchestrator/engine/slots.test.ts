// Places for attempts: who is next, and that none is lost or made up.
import { describe, expect, it } from '@jest/globals';
import { createSlots, type Slots, type Waiter } from './slots.ts';

/** Waiters in line, and the names of those that were given a place, in order. */
function lineOf(slots: Slots) {
  const given: string[] = [];
  const add = (
    name: string,
    tenantId: string,
    { priority = 2, createdAtMs = 0, takes = true } = {},
  ): Waiter => {
    const offer = (): boolean => {
      if (takes) given.push(name);
      return takes;
    };
    const waiter = { tenantId, priority, createdAtMs, offer };
    slots.wait(waiter);
    return waiter;
  };
  return { given, add };
}

/** As many places, all taken. */
function fullSlots(places: number): Slots {
  const slots = createSlots(
    places,
    () => 0,
    () => undefined,
  );
  slots.take(places);
  return slots;
}

describe('a place that is given back', () => {
  it('is free for anybody when nobody waits', () => {
    const slots = fullSlots(2);
    expect(slots.free()).toBe(0);
    slots.release();
    expect(slots.free()).toBe(1);
  });

  it('goes to tenants in turn, however many wait for one of them', () => {
    const slots = fullSlots(1);
    const { given, add } = lineOf(slots);
    for (let at = 0; at < 1_000; at += 1) add(`a${at}`, 'a', { createdAtMs: at });
    add('b0', 'b');
    add('c0', 'c');
    add('b1', 'b');
    for (let at = 0; at < 6; at += 1) slots.release();
    expect(given).toEqual(['a0', 'b0', 'c0', 'a1', 'b1', 'a2']);
  });

  it('goes to the higher priority first within a tenant, and then to the older', () => {
    const slots = fullSlots(1);
    const { given, add } = lineOf(slots);
    add('young', 'a', { createdAtMs: 2 });
    add('old', 'a', { createdAtMs: 1 });
    add('urgent', 'a', { priority: 5, createdAtMs: 3 });
    for (let at = 0; at < 3; at += 1) slots.release();
    expect(given).toEqual(['urgent', 'old', 'young']);
  });

  it('goes on to the next when the one that is offered it does not take it', () => {
    const slots = fullSlots(1);
    const { given, add } = lineOf(slots);
    add('gone', 'a', { takes: false });
    add('next', 'b');
    slots.release();
    expect(given).toEqual(['next']);
    expect(slots.free()).toBe(0);
    slots.release();
    expect(slots.free()).toBe(1);
  });

  it('is not offered to who waits no more', () => {
    const slots = fullSlots(1);
    const { given, add } = lineOf(slots);
    slots.leave(add('left', 'a'));
    add('next', 'a');
    slots.release();
    expect(given).toEqual(['next']);
  });

  it('goes to nobody as long as more are taken than there are', () => {
    const slots = createSlots(
      1,
      () => 0,
      () => undefined,
    );
    slots.take(3); // what was begun before goes on
    const { given, add } = lineOf(slots);
    add('next', 'a');
    slots.release();
    slots.release();
    expect(given).toEqual([]);
    slots.release();
    expect(given).toEqual(['next']);
  });
});

describe('a wait', () => {
  it('is told once it has ended with a place, and counts from when it began', () => {
    let nowMs = 100;
    const waits: number[] = [];
    const slots = createSlots(
      1,
      () => nowMs,
      (ms) => void waits.push(ms),
    );
    slots.take(1);
    const { add } = lineOf(slots);
    const waiter = add('first', 'a');
    add('gone', 'b', { takes: false });
    nowMs = 130;
    slots.wait(waiter); // it waits already
    nowMs = 150;
    slots.release();
    expect(waits).toEqual([50]);
    slots.release();
    expect(waits).toEqual([50]);
  });
});

describe('places that are free', () => {
  it('are not for newcomers while others wait', () => {
    const slots = createSlots(
      2,
      () => 0,
      () => undefined,
    );
    slots.take(2);
    const { add } = lineOf(slots);
    add('first', 'a', { takes: false });
    add('second', 'a', { takes: false });
    expect(slots.free()).toBe(0);
  });
});
