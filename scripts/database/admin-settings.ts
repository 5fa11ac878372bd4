// The settings of the commands that administer the databases: where PostgreSQL is for an admin, and which passwords the services' roles get.
import { type DatabaseTls, readTls } from '../../foundation/config/database-config.ts';
import { type DatabaseSource, readDatabaseSource } from '../../foundation/config/database-source.ts';
import { type Environment, type Readers, readConfig } from '../../foundation/config/reader.ts';
import type { SecretSource } from '../../foundation/secrets/secret-source.ts';

/** The logins of the services, as they begin the names of their settings. */
export const roleLogins = ['REGISTRY', 'REPORTS', 'ORCHESTRATOR', 'ENGINE'] as const;

/** One of `roleLogins`. */
export type RoleLogin = (typeof roleLogins)[number];

/** How an admin reaches the database. */
export interface AdminSettings {
  readonly source: DatabaseSource;
  readonly tls: DatabaseTls;
}

/** What preparing the databases needs besides. */
export interface InitSettings {
  readonly admin: AdminSettings;
  readonly passwords: Readonly<Record<RoleLogin, SecretSource>>;
}

/** Reads `ADMIN_DATABASE_URL` or what may stand for it, as the services read theirs. One ConfigError names everything that is wrong. */
export function readAdminSettings(env: Environment): AdminSettings {
  return readConfig(env, readAdmin);
}

/** Reads the admin's settings and, for each role, one of `<LOGIN>_DB_PASSWORD`, `<LOGIN>_DB_PASSWORD_FILE` and `<LOGIN>_DB_SECRET_ARN`. */
export function readInitSettings(env: Environment): InitSettings {
  return readConfig(env, (read) => {
    const admin = readAdmin(read);
    const passwords = Object.fromEntries(roleLogins.map((login) => [login, readPassword(read, login)]));
    return { admin, passwords: passwords as Record<RoleLogin, SecretSource> };
  });
}

/** The same as a part of other settings. */
export function readAdmin(read: Readers): AdminSettings {
  return { source: readDatabaseSource(read, 'ADMIN_'), tls: readTls(read) };
}

function readPassword(read: Readers, login: RoleLogin): SecretSource {
  const names = ['PASSWORD', 'PASSWORD_FILE', 'SECRET_ARN'].map((end) => `${login}_DB_${end}`);
  const [text = '', file = '', arn = ''] = names;
  if (names.filter(read.given).length !== 1) {
    read.problem(`Exactly one of ${text}, ${file} and ${arn} must be set`);
  }
  const path = read.optional.text(file);
  if (path !== undefined) return { kind: 'file', path, setting: file };
  const secret = read.optional.text(arn);
  if (secret !== undefined) return { kind: 'secrets_manager', arn: secret, setting: arn };
  return { kind: 'text', text: read.optional.text(text, { secret: true }) ?? '' };
}
