// Entities, feelings, phrases and kinds of complaints in the words of real reports.

import { expect, it, describe as suite } from '@jest/globals';
import { loadCategoryModels } from '../../store/category-models.ts';
import { loadNameRecognizer } from '../../store/entity-model.ts';
import { loadSentimentModel } from '../../store/sentiment-model.ts';
import { describe } from './entity-skill.ts';

const places = [{ name: 'Hyde Park', aliases: [], point: [-71.12, 42.255] as const }];
const models = {
  names: loadNameRecognizer(),
  sentiment: loadSentimentModel(),
  categories: loadCategoryModels(),
};
const read = (text: string) => describe({ text, places }, models);

suite('entities', () => {
  it.each([
    ['The MBTA never answers', { text: 'MBTA', type: 'organization' }],
    ['I spoke with Tim Hallahan about it', { text: 'Tim Hallahan', type: 'person' }],
    ['Dead squirrel at 133 Dana Ave', { text: '133 Dana Ave', type: 'place' }],
    ['So much snow in hyde park', { text: 'hyde park', type: 'place' }],
    ['Acme Construction left a hole', { text: 'Acme Construction', type: 'organization' }],
    ['National Grid dug up the road', { text: 'National Grid', type: 'organization' }],
    ['Two fire hydrants are leaking', { text: 'fire hydrant', type: 'thing' }],
  ])('of "%s"', (text, entity) => expect(read(text).output.entities).toContainEqual(entity));

  it('are not made of shouted words', () => {
    const { output } = read('PLEASE STOP THE NOISE NOW, IT IS TOO LOUD');
    expect(output.entities).toEqual([]);
  });

  it('have their spans in the order of the values', () => {
    const text = 'MBTA buses block the crosswalk at 12 Elm Street';
    const { output, spans } = read(text);
    const cut = spans.entities?.map(({ start, end }) => text.slice(start, end));
    expect(cut).toEqual((output.entities as { text: string }[]).map((entity) => entity.text));
  });
});

suite('the feeling', () => {
  it.each([
    ['Street light out at the corner', 'neutral'],
    ['Two cars are parked on the sidewalk in front of the school', 'neutral'],
    ['The truck comes on Monday and the recycling on Friday', 'neutral'],
    ['Disgusting rats and broken bottles everywhere, horrible', 'negative'],
    ['Thank you for fixing the bench, great job!', 'positive'],
    [
      'Great job on the park, thank you for fixing it. But the new bench is broken, disgusting and dangerous, terrible',
      'mixed',
    ],
  ])('of "%s" is %s', (text, sentiment) => expect(read(text).output.sentiment).toBe(sentiment));

  it.each([
    'Thank you for the quick fix!',
    'Thanks for fixing the light so fast',
    'I appreciate how quickly the pothole was repaired',
    'Kudos to the team, the park looks fantastic',
    'The leak was repaired within two hours, great work',
  ])('is positive where something done is praised: "%s"', (text) =>
    expect(read(text).output.sentiment).toBe('positive'),
  );

  it.each([
    'Please help and clear the drain, thanks',
    'Please fix',
    'Please fix the pothole, thank you',
    'Thank you for your attention to this street',
    'I would appreciate a new stop sign here',
  ])('is not made positive by courtesy: "%s"', (text) => expect(read(text).output.sentiment).toBe('neutral'));
});

suite('the kind of complaint', () => {
  it.each([
    ['Huge pothole on Main Street', 'infrastructure'],
    ['Traffic signal not working', 'infrastructure'],
    ['Drivers run the red light and do not yield to pedestrians', 'safety'],
    ['Overflowing trash and rats in the alley', 'environment'],
    ['Recycling was not picked up again', 'service'],
    ['Hello there', 'other'],
  ])('of "%s" is %s', (text, type) => expect(read(text).output.complaint_type).toBe(type));
});

suite('the category', () => {
  const text = 'The sidewalk has not been shoveled since the storm';
  const readWith = (categoryModel: string) => describe({ text, places, categoryModel }, models);

  it('is left out where the domain names no model', () => {
    expect(read(text).output).not.toHaveProperty('category');
  });

  it('is a label of the model that the domain names, with the words that say so', () => {
    const { output, spans, reasoning } = readWith('boston311');
    expect(output.category).toBe('sidewalk_not_shoveled');
    const words = spans.category?.map(({ start, end }) => text.slice(start, end));
    expect(words).toEqual(expect.arrayContaining([expect.stringContaining('shoveled')]));
    expect(reasoning).toContain('"boston311" says sidewalk_not_shoveled');
  });

  it('is left out, and the reason told, where the model is not known', () => {
    const { output, reasoning } = readWith('atlantis');
    expect(output).not.toHaveProperty('category');
    expect(reasoning).toContain('"atlantis" is not known here');
  });
});

suite('key phrases', () => {
  it('are the noun phrases, without empty words, at most ten', () => {
    const { output } = read(
      'The storm drain is clogged and the bike lane has potholes and there is broken glass',
    );
    expect(output.key_phrases).toEqual(expect.arrayContaining(['storm drain', 'bike lane', 'potholes']));
    expect((output.key_phrases as string[]).length).toBeLessThanOrEqual(10);
  });
});

suite('a long text without sentence ends', () => {
  it('is read to its end', () => {
    const text = `${'st '.repeat(1000)}and the hydrant`;
    expect(read(text).output.key_phrases).toContain('hydrant');
  });
});

suite('every span', () => {
  it('lies inside the text, whatever the text is', () => {
    for (const text of [
      '',
      ' ',
      '🔥 leak 😀 by the Tree',
      '...!!??',
      'wrong....I gave(it) to BPD',
      'Ünïcode Straße',
    ]) {
      for (const spans of Object.values(read(text).spans)) {
        expect(spans.every(({ start, end }) => start >= 0 && start < end && end <= text.length)).toBe(true);
      }
    }
  });
});
