// Sees whether everything that a service imports is there, by importing it without starting it: a module that was left out shows before anything
// is deployed.
import { lastLines } from './external-command.ts';
import type { ServiceName } from './target.ts';

/** A program for `node --input-type=module -e` that imports the service as it lies below this folder, and ends with 0 if all of it is there. */
export function importOf(service: ServiceName, folder: string): string {
  const house = service === 'gateway' ? 'gateway' : `services/${service}`;
  const url = new URL(`${house}/app.ts`, `file://${folder}/`);
  return `await import(${JSON.stringify(url.href)}); process.exit(0);`;
}

/** What such a program says was missing. */
export function missingIn(stderr: string): string {
  const lines = lastLines(stderr, 100);
  const told = lines.find((line) => /Cannot find|ERR_[A-Z_]+|Error:/.test(line)) ?? lines.at(-1);
  return told?.trim() ?? 'It could not be imported, and did not say why';
}
