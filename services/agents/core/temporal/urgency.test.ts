// How soon somebody should act, in the words of reports.
import { describe, expect, it } from '@jest/globals';
import { judgeUrgency } from './urgency.ts';
import type { Urgency } from './urgency-rules.ts';

const urgencyOf = (text: string): Urgency => judgeUrgency(text).urgency;

describe('a report is immediate', () => {
  it.each([
    ['smells gas', 'There is a strong smell of gas in the hallway'],
    ['sees a fire', 'Two houses on our street are burning'],
    ['tells of a live wire', 'A power line came down and is arcing next to the bus stop'],
    ['tells of somebody trapped', 'A child is stuck in the drain'],
    ['tells of water around frail people', 'The basement is flooded and my grandmother cannot leave'],
    ['tells of a weapon', 'A man with a gun is standing outside'],
    ['says so for somebody else', 'My neighbor called: her car is on fire'],
    ['plays a danger to life down', 'No rush, but I smell gas in the kitchen'],
  ])('that %s', (_, text) => expect(urgencyOf(text)).toBe('immediate'));
});

describe('a report is urgent', () => {
  it.each([
    ['tells of a signal that failed', 'The traffic lights are dark at Park and 3rd'],
    ['tells of an open hole', 'The manhole cover in the bike lane is gone'],
    ['tells of water on a road', 'Water over the road at mile 12'],
    ['tells of children in traffic', 'Cars run the red light next to the school'],
    ['tells of a home without heat', 'No heat in our building since last night'],
    ['tells of a blocked hydrant', 'Car parked in front of a fire hydrant'],
    ['asks for haste', 'Please send an inspector immediately'],
  ])('that %s', (_, text) => expect(urgencyOf(text)).toBe('urgent'));
});

describe('a report is neither', () => {
  it.each<[string, string, Urgency]>([
    ['denies harm', 'Nobody was injured, but the fence is broken', 'moderate'],
    ['denies haste', 'This is not urgent, but the trash can is full', 'moderate'],
    [
      'tells of a danger of long ago',
      'There was a house fire last month, the debris is still there',
      'moderate',
    ],
    ['only thinks of a danger', 'Is this the number to call if you smell gas?', 'low'],
    ['uses its words for something else', 'Attack of thrips on cotton', 'moderate'],
    ['smells the sewer', 'Sewer gas odor at the corner', 'moderate'],
    ['wants something prettier', 'Crosswalk desperately needs new paint', 'low'],
    ['thanks', 'Thank you for fixing the bench so quickly', 'low'],
    ['says nothing to go by', 'Two tents were set up', 'moderate'],
  ])('that %s', (_, text, urgency) => expect(urgencyOf(text)).toBe(urgency));
});

describe('the words of a judgement', () => {
  it('stand where the spans say, the reason beside them', () => {
    const text = 'Careful, there is a gas leak and the road is icy';
    const { spans, reasons } = judgeUrgency(text);
    expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual(['gas leak']);
    expect(reasons).toEqual(['gas']);
  });
});
