// The command line of `deploy-and-verify`, read with a plain sentence for whatever is wrong.

import { readArguments } from '../../local/terminal/arguments.ts';
import { UsageError } from '../../local/terminal/run-command.ts';
import type { Tokens } from '../acceptance/suite.ts';
import { readTokens } from '../acceptance/tokens.ts';

const targets = ['local', 'compose', 'helm'] as const;

/** What to deploy and where. */
export interface DeployOptions {
  readonly target: (typeof targets)[number];
  /** File that gets the report besides the folder of all reports. */
  readonly report: string | undefined;
  readonly tokens: Partial<Tokens>;
  readonly issuer: string | undefined;
  /** Of helm alone. */
  readonly release: string;
  readonly namespace: string;
  readonly values: readonly string[];
  readonly url: string | undefined;
  readonly colours: boolean;
}

/** How the command is used. */
export const usage = `Usage: npm run deploy-and-verify -- --target local|compose|helm [options]

Deploys, waits, prepares the database, runs the acceptance suite and writes a report, which names everything that is not as it must be.

  --target TARGET   local: the local mesh, each service a process of its own, ended afterwards
                    compose: deploy/compose.yaml; helm: the chart k8s/ in the cluster of the present context; both stay up
  --report FILE     writes the report there too; it is always in deployments below DATA_DIR [.domainflow]
  --token name=JWT  a token for each of admin, editor, viewer, other-user, other-tenant and expired; repeated
  --issuer URL      takes the tokens that are not given from a development issuer; local and compose bring their own
  --values FILE     values of the chart; repeated (helm)
  --release NAME    name of the release [domainflow] (helm)
  --namespace NAME  its namespace [domainflow] (helm)
  --url URL         address of the gateway; without it a port is forwarded (helm)
  --no-color        no colours, as NO_COLOR in the environment
  --help            shows this text

Ends with 0 when everything is ready, else with 1; with 64 when it is used wrongly.`;

/** Reads the options; UsageError names what is wrong. */
export function readDeployOptions(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  isTerminal: boolean,
): DeployOptions | 'help' {
  const given = readArguments(args, {
    ...{ target: { type: 'string' }, report: { type: 'string' }, issuer: { type: 'string' } },
    ...{ token: { type: 'string', multiple: true }, values: { type: 'string', multiple: true } },
    ...{ release: { type: 'string' }, namespace: { type: 'string' }, url: { type: 'string' } },
    ...{ 'no-color': { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (given.help) return 'help';
  const target = targets.find((name) => name === given.target);
  if (target === undefined)
    throw new UsageError(
      given.target === undefined
        ? '--target is missing'
        : `--target takes ${targets.join(', ')}, not "${given.target}"`,
    );
  for (const name of ['values', 'release', 'namespace', 'url'] as const) {
    if (target !== 'helm' && given[name] !== undefined)
      throw new UsageError(`--${name} is for --target helm alone`);
  }
  const { release = 'domainflow', namespace = 'domainflow', values = [] } = given;
  for (const [option, name] of Object.entries({ '--release': release, '--namespace': namespace })) {
    if (!/^[a-z0-9]([-a-z0-9]{0,51}[a-z0-9])?$/.test(name))
      throw new UsageError(`${option} takes lower-case letters, digits and hyphens, not "${name}"`);
  }
  return {
    ...{ target, report: given.report, tokens: readTokens(given.token ?? []), release, namespace, values },
    ...{ issuer: readUrl('--issuer', given.issuer), url: readUrl('--url', given.url) },
    colours: (env.FORCE_COLOR !== undefined || isTerminal) && given['no-color'] !== true && !env.NO_COLOR,
  };
}

function readUrl(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? ''))
    throw new UsageError(`${option} takes an http(s) URL, not "${text}"`);
  return text.replace(/\/+$/, '');
}
