// Readiness is never told too early and never again after draining.
import { describe, expect, it } from '@jest/globals';
import { createHealth, type HealthState } from './health.ts';

describe('health', () => {
  it('is not ready before anything reported', () => {
    expect(createHealth().overall()).toBe('not_serving');
    expect(createHealth(['store']).overall()).toBe('not_serving');
  });

  it('is ready when every component serves', () => {
    const health = createHealth(['store', 'rpc']);
    health.set('store', 'serving');
    expect(health.overall()).toBe('not_serving');
    health.set('rpc', 'serving');
    expect(health.overall()).toBe('serving');
    health.set('store', 'not_serving', 'reconnecting');
    expect(health.overall()).toBe('not_serving');
    expect(health.components()).toEqual([
      { component: 'store', state: 'not_serving', detail: 'reconnecting' },
      { component: 'rpc', state: 'serving', detail: null },
    ]);
  });

  it('stays not ready after draining, whatever components report', () => {
    const health = createHealth();
    health.set('store', 'serving');
    health.drain();
    expect(health.overall()).toBe('not_serving');
    health.set('store', 'not_serving');
    health.set('store', 'serving');
    expect(health.overall()).toBe('not_serving');
    expect(health.draining()).toBe(true);
  });

  it('tells listeners of changes, not of repetitions, until they leave', () => {
    const health = createHealth(['store']);
    const heard: HealthState[] = [];
    const leave = health.onChange((overall) => void heard.push(overall));
    health.set('store', 'serving');
    health.set('store', 'serving');
    health.drain();
    health.drain();
    leave();
    health.set('store', 'not_serving');
    expect(heard).toEqual(['serving', 'not_serving']);
  });
});
