// Lists of texts in a document: each text once, and each judged by a rule of the list's own. Every problem is noted with its place.
import type { DocumentReader } from './document.ts';

/** What is asked of a list. */
export interface ItemRules {
  /** [0] */
  readonly itemsMin?: number;
  readonly itemsMax: number;
  /** What is wrong with an item; undefined when nothing is. */
  readonly problemOf: (item: string) => string | undefined;
}

/** The items that keep all rules, in order. Undefined when the field is absent, null or no list. */
export function readItems(
  doc: DocumentReader,
  field: string,
  { itemsMin = 0, itemsMax, problemOf }: ItemRules,
): readonly string[] | undefined {
  const items = doc.list(field, itemsMax);
  if (!items) return undefined;
  if (items.length < itemsMin)
    doc.refuse(field, `must have at least ${itemsMin} item${itemsMin > 1 ? 's' : ''}`);
  const places = new Map<string, number>();
  for (const [at, item] of items.entries()) {
    const place = `${field}[${at}]`;
    if (typeof item !== 'string') {
      doc.refuse(place, 'must be text');
      continue;
    }
    const first = places.get(item);
    const problem = first === undefined ? problemOf(item) : `repeats ${doc.pathOf(`${field}[${first}]`)}`;
    if (problem) doc.refuse(place, problem);
    else places.set(item, at);
  }
  return [...places.keys()];
}
