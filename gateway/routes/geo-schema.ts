// Schemas of GeoJSON as geo-json.ts writes it.
import { namedObject, oneOf } from '../core/answer-schema.ts';

/** A point on the globe. */
export const pointSchema = namedObject(['Point', 'A point as GeoJSON (RFC 7946)'], {
  type: oneOf(['Point']),
  coordinates: {
    type: 'array',
    description: 'Longitude, then latitude, in degrees (WGS 84)',
    minItems: 2,
    maxItems: 2,
    items: { type: 'number' },
    examples: [[-71.06, 42.36]],
  },
});
