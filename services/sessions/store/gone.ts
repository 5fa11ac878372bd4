// What is left of something that was deleted: an item under the same key that holds no content, so that no late write brings it back.
import type { Item } from './documents.ts';
import { expiryAttribute } from './keys.ts';

/** How long a deleted thing is remembered, in seconds: longer than any request or run that may still write it. */
const rememberedS = 48 * 60 * 60;

/** Condition of a write: the thing is there and is not deleted. */
export const isAlive = 'attribute_exists(pk) AND attribute_not_exists(deleted_at)';

/** The attributes that mark a thing as deleted at an ISO 8601 time. */
export function goneAttributes(at: string): Record<string, unknown> {
  return { deleted_at: at, [expiryAttribute]: Math.ceil(Date.parse(at) / 1_000) + rememberedS };
}

/** True for an item that only remembers that something was deleted. */
export function isGone(item: Item): boolean {
  return item.deleted_at !== undefined;
}
