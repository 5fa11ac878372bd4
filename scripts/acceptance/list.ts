// The tests as a list for people: each with its category, its modes and how it is proved.
import type { AcceptanceTest, Category } from './suite.ts';

/** A line for each of the tests below the line of its category; categories without one are left out. */
export function listOf(categories: readonly Category[], tests: readonly AcceptanceTest[]): string {
  const chosen = new Set(tests);
  const parts = categories.flatMap(({ name, proves, isDeployed, tests: all }) => {
    const lines = all.filter((test) => chosen.has(test)).map(lineOf);
    const modes = isDeployed ? 'local and deployed' : 'local';
    return lines.length === 0 ? [] : [`${name} (${modes}; ${proves})`, ...lines, ''];
  });
  return parts.slice(0, -1).join('\n');
}

function lineOf({ id, title, isCritical, files }: AcceptanceTest): string {
  const how = files === undefined ? 'over HTTP' : `by the project's tests ${files.join(' ')}`;
  return `  ${id.padEnd(10)} ${title}${isCritical ? ' *' : ''}, ${how}`;
}
