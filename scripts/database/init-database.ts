// Brings a database to where the services can use it: roles, schemas, migrations and, if wanted, the builtin content, all within one deadline.
import { resolveDatabaseUrl } from '../../foundation/postgres/database-url.ts';
import { prepareOrchestratorDatabase } from '../../services/orchestrator/store/schema.ts';
import { prepareRegistryDatabase, seedRegistryDatabase } from '../../services/registry/store/schema.ts';
import { prepareReportsDatabase } from '../../services/reports/store/schema.ts';
import { type InitSettings, type RoleLogin, roleLogins } from './admin-settings.ts';
import { failureSentence } from './failure-sentence.ts';
import { readRolePassword } from './role-password.ts';

/** How long all of it may take, in milliseconds. */
export const initDeadlineMs = 600_000;

/** What db-init prints. */
export type InitAnswer =
  | {
      readonly status: 200;
      readonly message: string;
      readonly schema_created: true;
      readonly data_seeded: boolean;
      readonly warnings: readonly string[];
    }
  | {
      readonly status: 500;
      readonly error: string;
      /** True when only the builtin content is missing: a fault in it does not undo the schema. */
      readonly schema_created: boolean;
      readonly data_seeded: false;
    };

/** Choices of a run. */
export interface InitOptions {
  /** Whether builtin agents, tools and the sample domain are loaded. */
  readonly seed: boolean;
  /** [600,000] */
  readonly deadlineMs?: number;
}

interface Progress {
  schemaCreated: boolean;
  warnings: readonly string[];
  /** What no message may show. */
  readonly secrets: string[];
}

/** Never throws. Safe to repeat and to race. After the deadline the answer comes at once; the server gives up by itself what is under way. */
export async function initDatabase(settings: InitSettings, options: InitOptions): Promise<InitAnswer> {
  const { seed, deadlineMs = initDeadlineMs } = options;
  const progress: Progress = { schemaCreated: false, warnings: [], secrets: [] };
  try {
    await within(deadlineMs, prepare(settings, { seed, deadlineMs }, progress));
  } catch (error) {
    return {
      status: 500,
      error: failureSentence(error, progress.secrets),
      schema_created: progress.schemaCreated,
      data_seeded: false,
    };
  }
  return {
    status: 200,
    message: `The schemas registry, reports and orchestrator are in place${seed ? ', with the builtin content' : ''}`,
    schema_created: true,
    data_seeded: seed,
    warnings: progress.warnings,
  };
}

async function prepare(
  { admin, passwords }: InitSettings,
  { seed, deadlineMs }: Required<InitOptions>,
  progress: Progress,
): Promise<void> {
  const adminUrl = withDeadline(await resolveDatabaseUrl(admin.source, admin.tls), deadlineMs);
  progress.secrets.push(decodeURIComponent(new URL(adminUrl).password));
  const password = {} as Record<RoleLogin, string>;
  for (const login of roleLogins) {
    password[login] = await readRolePassword(passwords[login]);
    progress.secrets.push(password[login]);
  }
  const registry = await prepareRegistryDatabase({ adminUrl, appPassword: password.REGISTRY, seed: false });
  await prepareReportsDatabase({ adminUrl, appPassword: password.REPORTS });
  const { ORCHESTRATOR: appPassword, ENGINE: enginePassword } = password;
  await prepareOrchestratorDatabase({ adminUrl, appPassword, enginePassword });
  progress.warnings = registry.warnings;
  progress.schemaCreated = true;
  if (seed) await seedRegistryDatabase(adminUrl);
}

/** The server ends every statement by then, so that a lock which is never given does not outlive this process. */
function withDeadline(adminUrl: string, deadlineMs: number): string {
  const url = new URL(adminUrl);
  url.searchParams.set('statement_timeout', String(deadlineMs));
  return url.toString();
}

async function within(deadlineMs: number, work: Promise<void>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const sentence = `The database was not ready within ${deadlineMs / 1_000} s`;
  const timer = setTimeout(() => reject(new Error(sentence)), deadlineMs);
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
