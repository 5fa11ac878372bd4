// What the finders of places hand on: a stretch of the text that names a place, and of which kind.

import type { Place, Position } from '../gazetteer.ts';
import type { Span } from '../skill.ts';

/** From the most to the least exact; `mentionKinds` keeps that order. */
export type MentionKind =
  | 'address'
  | 'intersection'
  | 'block'
  | 'landmark'
  | 'street'
  | 'tenant_place'
  | 'town'
  | 'region'
  | 'country'
  | 'home_area';

/** All kinds, the most exact first. */
export const mentionKinds: readonly MentionKind[] = [
  'address',
  'intersection',
  'block',
  'landmark',
  'street',
  'tenant_place',
  'town',
  'region',
  'country',
  'home_area',
];

/** A place named in the text. */
export interface Mention extends Span {
  readonly kind: MentionKind;
  /** As it stands in the text. */
  readonly text: string;
  /** The form for an address line, such as `Centre St & Hewlett St`; equals `text` where nothing is to be tidied. */
  readonly label: string;
  /** Whether the form alone proves the kind (a street suffix, a listed name), as opposed to a guess from the words around it. */
  readonly sure: boolean;
  /** Absent where the text alone does not say where the place is. */
  readonly point?: Position;
  /** What the gazetteer knows; absent for what is not in it. */
  readonly place?: Place;
  /** ISO 3166 alpha-2, of a road whose course is known; absent where the place tells it or nothing does. */
  readonly country?: string;
  /** 0 to 1: how sure it is that this place of the name is meant; absent without a place. */
  readonly certainty?: number;
}

/** A place that the tenant has listed: a neighbourhood, a park, a building. */
export interface TenantPlace {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Absent when the tenant gave none. */
  readonly point?: Position;
}

/** The area that the tenant works in. */
export interface HomeArea {
  readonly name: string;
  readonly point: Position;
}
