// Which phrases are names of places rather than matters, judged by the places that reports name and that the tenant has listed.

import type { TenantPlace } from '../geo/mention.ts';
import type { FoundReport } from '../report-data.ts';
import type { JsonValue } from '../skill.ts';
import { normaliseName } from '../text/words.ts';

/** A test for phrases: true for one that stands within the name of a place. */
export function placeNamesOf(
  places: readonly TenantPlace[],
  reports: readonly FoundReport[],
): (phrase: string) => boolean {
  const listed = places.flatMap(({ name, aliases }) => [name, ...aliases]);
  const named = reports.flatMap(({ ingestion_data: { location_text, address, entities } }) => [
    ...[location_text, address].filter((text) => typeof text === 'string'),
    ...placesAmong(entities),
  ]);
  const names = [...new Set([...listed, ...named].map((name) => ` ${normaliseName(name)} `))];
  return (phrase) => {
    const inner = ` ${normaliseName(phrase)} `;
    return names.some((name) => name.includes(inner));
  };
}

function placesAmong(entities: JsonValue | undefined): string[] {
  if (!Array.isArray(entities)) return [];
  return entities.flatMap((entity: JsonValue) => {
    if (typeof entity !== 'object' || entity === null || !('text' in entity)) return [];
    return entity.type === 'place' && typeof entity.text === 'string' ? [entity.text] : [];
  });
}
