// What the environment says to the command; arguments have the last word, and what `login` keeps the first.
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The environment of the command. */
export interface CliConfig {
  /** `DOMAINFLOW_URL`; undefined when it is not set. */
  readonly url: string | undefined;
  /** `DOMAINFLOW_TOKEN`; undefined when it is not set. */
  readonly token: string | undefined;
  /** Folder of what `login` keeps. */
  readonly folder: string;
  /** True where colours are declined, by `NO_COLOR`. */
  readonly isPlain: boolean;
  /** True for a terminal that cannot move its cursor, `TERM=dumb`. */
  readonly isDumb: boolean;
}

/** Reads the environment. An empty value is as one that is not set. */
export function readCliConfig(env: NodeJS.ProcessEnv = process.env, platform = process.platform): CliConfig {
  const { DOMAINFLOW_URL, DOMAINFLOW_TOKEN, XDG_CONFIG_HOME, APPDATA, NO_COLOR, TERM } = env;
  const folders = platform === 'win32' ? APPDATA : XDG_CONFIG_HOME;
  return {
    url: DOMAINFLOW_URL || undefined,
    token: DOMAINFLOW_TOKEN || undefined,
    folder: join(folders || join(homedir(), '.config'), 'domainflow'),
    isPlain: Boolean(NO_COLOR),
    isDumb: TERM === 'dumb',
  };
}
