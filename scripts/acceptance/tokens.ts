// Where the callers of a run get their tokens: from the command line, or from a development issuer.
import { Fault } from '../../foundation/fault/fault.ts';
import { UsageError } from '../../local/terminal/run-command.ts';
import { type CallerName, callerNames, type Tokens } from './suite.ts';

const answerMsMax = 10_000;
/** Seconds by which an expired token is: beyond the tolerance that a gateway has for clocks. */
const expiredS = 3_600;
const tenants = { own: 'acceptance', other: 'acceptance-other' } as const;

interface TokenRequest {
  readonly tenant: string;
  readonly user: string;
  readonly roles: readonly string[];
  /** Seconds from now. */
  readonly expires_in?: number;
}

const requests: Readonly<Record<CallerName, TokenRequest>> = {
  admin: { tenant: tenants.own, user: 'acceptance-admin', roles: ['admin'] },
  editor: { tenant: tenants.own, user: 'acceptance-editor', roles: ['editor'] },
  viewer: { tenant: tenants.own, user: 'acceptance-viewer', roles: ['viewer'] },
  'other-user': { tenant: tenants.own, user: 'acceptance-other-user', roles: ['editor'] },
  'other-tenant': { tenant: tenants.other, user: 'acceptance-other-tenant', roles: ['admin'] },
  expired: { tenant: tenants.own, user: 'acceptance-viewer', roles: ['viewer'], expires_in: -expiredS },
};

/** The tokens that were given as `name=JWT`; UsageError for an unknown name, one given twice, or one without a token. */
export function readTokens(given: readonly string[]): Partial<Tokens> {
  const tokens: Partial<Record<CallerName, string>> = {};
  for (const text of given) {
    const [name = '', ...rest] = text.split('=');
    const token = rest.join('=').trim();
    const known = callerNames.find((each) => each === name);
    if (known === undefined)
      throw new UsageError(`--token takes name=JWT with one of the names ${callerNames.join(', ')}`);
    if (token === '') throw new UsageError(`--token ${name}= has no token`);
    if (tokens[known] !== undefined) throw new UsageError(`--token ${name}= is given twice`);
    tokens[known] = token;
  }
  return tokens;
}

/** All tokens; those that were not given come from the issuer at this URL, without which they are missing: then UsageError names them all. */
export async function completeTokens(given: Partial<Tokens>, issuer: string | undefined): Promise<Tokens> {
  const missing = callerNames.filter((name) => given[name] === undefined);
  if (missing.length > 0 && issuer === undefined)
    throw new UsageError(
      `--token is missing for ${missing.join(', ')}; --issuer takes them from a development issuer`,
    );
  const minted = await Promise.all(
    missing.map(async (name) => [name, await mint(issuer ?? '', requests[name])] as const),
  );
  return { ...given, ...Object.fromEntries(minted) } as Tokens; // given and minted together are all names
}

async function mint(issuer: string, body: TokenRequest): Promise<string> {
  const url = `${issuer}/dev/token`;
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(answerMsMax) }).catch(
    (cause: unknown) => {
      throw new Fault('unavailable', `The issuer at ${issuer} cannot be reached`, { cause });
    },
  );
  const answer = (await response.json().catch(() => ({}))) as { readonly access_token?: unknown };
  if (!response.ok || typeof answer.access_token !== 'string')
    throw new Fault(
      'failed_precondition',
      `${url} answered ${response.status} and no token: --issuer must be a development issuer`,
    );
  return answer.access_token;
}
