// The registry's database on the embedded PostgreSQL, which has no PostGIS.
import { startOwnTestDatabases } from '../../../local/databases/test-databases.ts';
import { promiseDatabase } from './schema-promises.for-test.ts';

promiseDatabase(startOwnTestDatabases, { postgis: false });
