// Names of tools as providers take them: at most 64 letters, digits, underscores and hyphens. The platform's own may hold dots and be longer.

const nameLengthMax = 64;

/** For each tool name, in order, another one that every provider takes; no two are the same. */
export function providerToolNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const plain = name.replace(/[^\w-]/g, '_').slice(0, nameLengthMax);
    let chosen = plain;
    for (let count = 2; taken.has(chosen); count += 1) {
      const suffix = `_${count}`;
      chosen = `${plain.slice(0, nameLengthMax - suffix.length)}${suffix}`;
    }
    taken.add(chosen);
    return chosen;
  });
}
