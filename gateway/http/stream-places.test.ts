// Places of event streams: counted for each user, and given back once.
import { describe, expect, it } from '@jest/globals';
import { createStreamPlaces } from './stream-places.ts';

describe('places of streams', () => {
  it('are as many as are allowed, for each user', () => {
    const places = createStreamPlaces(2);
    const give = places.take('ada');
    places.take('ada');
    expect(() => places.take('ada')).toThrow(
      expect.objectContaining({ reason: 'resource_exhausted', retryAfterMs: expect.any(Number) }),
    );
    places.take('bob');
    give();
    give();
    places.take('ada');
    expect(() => places.take('ada')).toThrow('2 event streams');
  });

  it('have no bound when that is switched off', () => {
    const places = createStreamPlaces(0);
    const taken = Array.from({ length: 100 }, () => places.take('ada'));
    expect(taken).toHaveLength(100);
  });
});
