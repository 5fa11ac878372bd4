// Labels and what may follow them.

import { describe, expect, it } from '@jest/globals';
import { kindBegunBy, labelOf, mayFollow, nameKinds, outside } from './name-labels.ts';

const [begins, goesOn] = [labelOf('person', true), labelOf('person', false)];

describe('mayFollow', () => {
  it.each([
    ['a name begins after nothing', outside, begins, true],
    ['a name goes on after its first word', begins, goesOn, true],
    ['a name goes on after a further word', goesOn, goesOn, true],
    ['nothing goes on where no name has begun', outside, goesOn, false],
    ['a name goes on in another kind', begins, labelOf('group', false), false],
    ['a name ends', goesOn, outside, true],
    ['a name begins right behind another', goesOn, labelOf('group', true), true],
  ])('judges that %s', (_what, label, next, allowed) => expect(mayFollow(label, next)).toBe(allowed));
});

describe('the label of a first word', () => {
  it('tells its kind, and no other label does', () => {
    for (const kind of nameKinds) {
      expect(kindBegunBy(labelOf(kind, true))).toBe(kind);
      expect(kindBegunBy(labelOf(kind, false))).toBeUndefined();
    }
    expect(kindBegunBy(outside)).toBeUndefined();
  });
});
