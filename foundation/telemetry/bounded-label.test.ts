// However many tenants there are, a label has a known number of values.
import { describe, expect, it } from '@jest/globals';
import { createBoundedLabel } from './bounded-label.ts';

describe('a bounded label', () => {
  it('names the first values for ever, and the others together', () => {
    const label = createBoundedLabel(2);
    expect(['a', 'b', 'c', 'a', 'd', 'b'].map(label)).toEqual(['a', 'b', 'other', 'a', 'other', 'b']);
  });
});
