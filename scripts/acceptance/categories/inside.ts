// Categories whose every row needs the inside of the system: processes that are killed, stores without their guards, databases on their own.
import { provenInCheckout as proven } from '../checkout-proof.ts';
import type { Category } from '../suite.ts';

const isDeployed = false;

/** durable-1 to durable-3 of the specification. */
export const durabilityTests: Category = {
  ...{ name: 'durability', proves: 'E1.1–E1.4', isDeployed },
  tests: [
    proven('durable-1', 'each service killed at each transition: every execution ends, each task once'),
    proven('durable-2', 'no document stays processing'),
    proven('durable-3', 'late result of a lost lease rejected'),
  ],
};

/** tenant-1 to tenant-3 of the specification. */
export const isolationTests: Category = {
  ...{ name: 'isolation', proves: '11.3, 11.4, P2.1–P2.5', isDeployed },
  tests: [
    proven('tenant-1', 'every route and RPC, tenant A on objects of B: 404'),
    proven('tenant-2', 'role matrix'),
    proven('tenant-3', 'storage guards with the filter removed'),
  ],
};

/** worker-1 to worker-8 of the specification. */
export const workerTests: Category = {
  ...{ name: 'workers', proves: 'W1.1–W5.9', isDeployed },
  tests: [
    proven('worker-1', 'register, list, get, heartbeat, remove'),
    proven('worker-2', 'bulk with unknown id'),
    proven('worker-3', 'create, list, get task'),
    proven('worker-4', 'assign, with rollback'),
    proven('worker-5', 'execute, cancel, offline worker'),
    proven('worker-6', 'workflow create, list, get, execute, cancel, schedule'),
    proven('worker-7', 'statistics, database health, info'),
    proven('worker-8', '422 body and every bound'),
  ],
};

/** machine-1 to machine-3 of the specification. */
export const machineTests: Category = {
  ...{ name: 'machines', proves: 'P1.2, P6.1, P6.2, P10.1–P10.3, P11.5', isDeployed },
  tests: [
    proven('machine-1', 'key: create, use, scope, rate, expiry, revoke'),
    proven('machine-2', 'audit entries'),
    proven('machine-3', 'breaker opens, half-opens, closes, is forced'),
  ],
};

/** db-1 to db-6 of the specification. */
export const databaseTests: Category = {
  ...{ name: 'database', proves: '8.1, P9.1–P9.6, D4.1–D4.5', isDeployed },
  tests: [
    proven('db-1', 'schema test'),
    proven('db-2', 'init twice, without PostGIS, verify'),
    proven('db-3', 'rollback, errors'),
    proven('db-4', 'pool stress, leak, server restart'),
    proven('db-5', 'migrate flags, import twice'),
    proven('db-6', 'query time and memory on real volumes'),
  ],
};

/** deploy-1 to deploy-4 of the specification. */
export const deploymentTests: Category = {
  ...{ name: 'deployment', proves: '10.1, 10.3, 10.4, D1.1–D3.6, D5.7–D6.5, P11.1–P11.8', isDeployed },
  tests: [
    proven('deploy-1', 'images, settings, network, identities'),
    proven('deploy-2', 'full report'),
    proven('deploy-3', 'a broken unit fails with events, logs, issues'),
    proven('deploy-4', 'health, shutdown, traces, log content'),
  ],
};
