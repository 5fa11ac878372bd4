// What the image can run, by the word that chooses it: six processes of the mesh, and jobs. Each module is the whole program: importing it runs it.

/** Loads a program into this process, which is then its own. */
export type Program = () => Promise<unknown>;

/** The programs of the image. */
export const programs: Readonly<Record<string, Program>> = {
  gateway: () => import('../../gateway/main.ts'),
  registry: () => import('../../services/registry/main.ts'),
  reports: () => import('../../services/reports/main.ts'),
  sessions: () => import('../../services/sessions/main.ts'),
  orchestrator: () => import('../../services/orchestrator/main.ts'),
  agents: () => import('../../services/agents/main.ts'),
  'db-init': () => import('../../scripts/db-init.ts'),
  'db-verify': () => import('../../scripts/db-verify.ts'),
  'schema-test': () => import('../../scripts/schema-test.ts'),
  'create-stores': () => import('../../scripts/create-stores.ts'),
  migrate: () => import('../../scripts/migrate.ts'),
  tenant: () => import('../../scripts/tenant.ts'),
  reindex: () => import('../../scripts/reindex.ts'),
  'import-legacy': () => import('../../scripts/import-legacy.ts'),
  acceptance: () => import('../../scripts/acceptance/deployed.ts'),
  'health-probe': () => import('./health-probe.ts'),
};
