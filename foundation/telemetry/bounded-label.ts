// Values of a label that come from outside, such as tenants: so many are told by name, so that no registry of measurements grows without end.

/** What the values beyond the limit share. */
export const otherLabel = 'other';

/** Names the first `max` different values as they are, and all that come later `other`. */
export function createBoundedLabel(max: number): (value: string) => string {
  const known = new Set<string>();
  return (value) => {
    if (known.has(value)) return value;
    if (known.size >= max) return otherLabel;
    known.add(value);
    return value;
  };
}
