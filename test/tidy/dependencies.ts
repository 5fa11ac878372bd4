// Each dependency has a reason in the architecture page; this finds those that are not even named there.
import type { Offence } from './offence.ts';
import { lineAt } from './source-file.ts';

/** Dependencies of a `package.json` (not those for development) that the page does not name as a whole word. */
export function unexplainedDependencies(packageJson: string, architecture: string): readonly Offence[] {
  const { dependencies = {} }: { dependencies?: Record<string, string> } = JSON.parse(packageJson);
  return Object.keys(dependencies)
    .filter(
      (name) => !new RegExp(`(?<![\\w@/-])${name.replaceAll('.', '\\.')}(?![\\w/-])`).test(architecture),
    )
    .map((name) => ({
      path: 'package.json',
      line: lineAt(packageJson, packageJson.indexOf(`"${name}":`)),
      problem: `${name} has no reason in ARCHITECTURE.md`,
    }));
}
