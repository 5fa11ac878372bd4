// The registry's database on Debian's PostgreSQL 15, the oldest that is supported.
import {
  describeOnDebianPostgres,
  hasDebianPostgis,
  startDebianPostgres,
} from './debian-postgres.for-test.ts';
import { promiseDatabase } from './schema-promises.for-test.ts';

describeOnDebianPostgres("Debian's PostgreSQL 15", () => {
  promiseDatabase(startDebianPostgres, { postgis: hasDebianPostgis });
});
