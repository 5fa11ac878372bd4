// Every row of the specification's table of acceptance tests (S18), in its order.
import { agentTests } from './categories/agents.ts';
import { authentication } from './categories/authentication.ts';
import { cacheTests } from './categories/caching.ts';
import { controlTests } from './categories/control.ts';
import { dataTests } from './categories/data.ts';
import { domainTests } from './categories/domains.ts';
import { errorTests } from './categories/errors.ts';
import { logTests } from './categories/execution-log.ts';
import { flowTests } from './categories/flows.ts';
import { graphTests } from './categories/graph.ts';
import {
  databaseTests,
  deploymentTests,
  durabilityTests,
  isolationTests,
  machineTests,
  workerTests,
} from './categories/inside.ts';
import { liveTests } from './categories/live-status.ts';
import { managementTests } from './categories/management.ts';
import { queryTests } from './categories/queries.ts';
import { reportTests } from './categories/reports.ts';
import { ruleTests } from './categories/rules.ts';
import { sessionTests } from './categories/sessions.ts';
import type { Category } from './suite.ts';

/** The categories with their tests. */
export const categories: readonly Category[] = [
  authentication,
  agentTests,
  graphTests,
  domainTests,
  reportTests,
  sessionTests,
  queryTests,
  logTests,
  cacheTests,
  errorTests,
  managementTests,
  dataTests,
  liveTests,
  controlTests,
  durabilityTests,
  isolationTests,
  ruleTests,
  workerTests,
  machineTests,
  databaseTests,
  deploymentTests,
  flowTests,
];
