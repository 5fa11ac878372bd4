// What runs may do through tools, class by class.

import { describe, expect, it } from '@jest/globals';
import { mayCall } from './tool-effect.ts';

describe('a run', () => {
  it.each([
    ['ingestion', ['read', 'create']],
    ['query', ['read']],
    ['management', ['read', 'update']],
    ['shadow_ingestion', ['read']],
    ['shadow_query', ['read']],
    ['gardening', []],
    ['', []],
    ['constructor', []],
  ] as const)('of class "%s" may call tools of effect %j and no others', (capability, allowed) => {
    const effects = ['read', 'create', 'update'] as const;
    expect(effects.filter((effect) => mayCall(capability, effect))).toEqual(allowed);
  });
});
