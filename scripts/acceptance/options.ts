// The command line of the suite, read with a plain sentence for whatever is wrong.
import { readArguments } from '../../local/terminal/arguments.ts';
import { UsageError } from '../../local/terminal/run-command.ts';
import type { AcceptanceTest, Category, Mode, Tokens } from './suite.ts';
import { readTokens } from './tokens.ts';

/** What to run and where. */
export interface Options {
  readonly mode: Mode;
  /** Undefined has the suite start a local mesh of its own. */
  readonly url: string | undefined;
  readonly issuer: string | undefined;
  readonly tokens: Partial<Tokens>;
  readonly cleanup: boolean;
  /** Names of categories and ids of tests; empty for all of the mode. */
  readonly only: readonly string[];
  /** Files to write the result to. */
  readonly json: string | undefined;
  readonly junit: string | undefined;
  readonly colours: boolean;
  readonly list: boolean;
}

/** How the command is used. */
export const usage = `Usage: npm run acceptance -- [--url URL (--token name=JWT … | --issuer URL)] [--mode local|deployed] [options]

Proves against a running deployment what the specification's acceptance tests say, and removes what it made.

  --url URL        address of the gateway; without it a local mesh is started, measured and ended
  --token name=JWT a token for each of admin, editor, viewer, other-user, other-tenant and expired; repeated
  --issuer URL     takes the tokens that are not given from a development issuer (POST {issuer}/dev/token)
  --mode MODE      local (every test; the default without --url) or deployed (what any deployment must pass)
  --only NAME      a category or the id of a test; repeated
  --no-cleanup     leaves what the tests made
  --json FILE      writes the result as JSON
  --junit FILE     writes the result as JUnit XML
  --no-color       no colours, as NO_COLOR in the environment
  --list           lists the tests and how each is proved
  --help           shows this text

Ends with 0 when all chosen tests passed, else with 1; with 64 when it is used wrongly.`;

/** Reads the options; UsageError names what is wrong. */
export function readOptions(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  isTerminal: boolean,
): Options | 'help' {
  const given = readArguments(args, {
    ...{ url: { type: 'string' }, issuer: { type: 'string' }, mode: { type: 'string' } },
    ...{ token: { type: 'string', multiple: true }, only: { type: 'string', multiple: true } },
    ...{ json: { type: 'string' }, junit: { type: 'string' } },
    ...{ 'no-cleanup': { type: 'boolean' }, 'no-color': { type: 'boolean' } },
    ...{ list: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (given.help) return 'help';
  const url = readUrl('--url', given.url);
  const issuer = readUrl('--issuer', given.issuer);
  const tokens = readTokens(given.token ?? []);
  if (url === undefined && (issuer !== undefined || Object.keys(tokens).length > 0))
    throw new UsageError(`--url is missing: without it ${issuer ? '--issuer' : '--token'} has no meaning`);
  const wantsColour = env.FORCE_COLOR !== undefined || isTerminal;
  return {
    mode: readMode(given.mode, url === undefined ? 'local' : 'deployed'),
    ...{ url, issuer, tokens, cleanup: given['no-cleanup'] !== true, only: given.only ?? [] },
    ...{ json: given.json, junit: given.junit, list: given.list === true },
    colours: wantsColour && given['no-color'] !== true && !env.NO_COLOR,
  };
}

function readUrl(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash)
    throw new UsageError(`${option} takes an http(s) URL without user, query and fragment, not "${text}"`);
  return text.replace(/\/+$/, '');
}

function readMode(text: string | undefined, absent: Mode): Mode {
  if (text === undefined) return absent;
  if (text === 'local' || text === 'deployed') return text;
  throw new UsageError(`--mode takes local or deployed, not "${text}"`);
}

/** The tests that a mode has. */
export function testsOf(categories: readonly Category[], mode: Mode): readonly AcceptanceTest[] {
  return categories.flatMap(({ isDeployed, tests }) => (mode === 'local' || isDeployed ? tests : []));
}

/** Those of them that were chosen, in their order; UsageError for a name that is none in this mode. */
export function chosenTests(
  categories: readonly Category[],
  { mode, only }: Pick<Options, 'mode' | 'only'>,
): readonly AcceptanceTest[] {
  const tests = testsOf(categories, mode);
  if (only.length === 0) return tests;
  const chosen = new Set<string>();
  for (const name of only) {
    const category = categories.find((each) => each.name === name);
    const ids = (category?.tests ?? []).map(({ id }) => id);
    const found = tests.filter(({ id }) => id === name || ids.includes(id));
    if (found.length === 0)
      throw new UsageError(
        `--only ${name} is neither a category nor a test of the mode ${mode}; --list shows them`,
      );
    for (const { id } of found) chosen.add(id);
  }
  return tests.filter(({ id }) => chosen.has(id));
}
