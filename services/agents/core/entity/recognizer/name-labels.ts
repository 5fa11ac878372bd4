// The kinds of names that the recogniser tells apart, and the labels by which it marks their words one by one.

/** The kinds, as the emerging-entities task of WNUT 2017 has them. The order is that of the labels and must not change. */
export const nameKinds = ['person', 'location', 'group', 'corporation', 'product', 'creative-work'] as const;

/** What a name names; `group` is every body of people that is no company: teams, bands, offices, parties. */
export type NameKind = (typeof nameKinds)[number];

/** The label of a word outside all names. For kind k, 1 + 2k marks a name's first word and 2 + 2k each further one. */
export const outside = 0;

/** How many labels there are. */
export const labelCount = 1 + 2 * nameKinds.length;

/** The label of a name's first or further word. */
export function labelOf(kind: NameKind, first: boolean): number {
  return 1 + 2 * nameKinds.indexOf(kind) + (first ? 0 : 1);
}

/** The kind behind a label that begins a name; undefined for all other labels. */
export function kindBegunBy(label: number): NameKind | undefined {
  return label % 2 === 1 ? nameKinds[(label - 1) / 2] : undefined;
}

/** Whether `next` may stand after `label`: a further word only goes on with a name of its own kind. */
export function mayFollow(label: number, next: number): boolean {
  const isFurther = next !== outside && next % 2 === 0;
  return !isFurther || label === next || label === next - 1;
}
