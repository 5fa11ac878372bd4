// A loss of everything and the way back, on the embedded databases: back up while people work, lose all of it, restore to a moment before the loss, and
// compare what people read. PostgreSQL comes back by its own means; the copies of DynamoDB and of the objects stand for what AWS does.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withOwnClient } from '../../foundation/postgres/own-client.ts';
import { ensureFolder } from '../../local/checkout.ts';
import { startLocalDynamodb } from '../../local/databases/dynamodb.ts';
import { startLocalPostgres } from '../../local/databases/postgres.ts';
import { postgresAccount } from '../../local/databases/postgres-program.ts';
import { databaseName, prepareTables } from '../../local/mesh/prepare-stores.ts';
import { tableNames } from '../../local/mesh/service-names.ts';
import { archiveTo, momentOf, restoreCluster, takeBaseBackup, untilArchived } from './cluster-backup.ts';
import { copyFolder, type Owner } from './copy-folder.ts';
import { type DrillFolders, type DrillMesh, foldersIn, startDrillMesh, withTables } from './drill-mesh.ts';
import { bothLives, differences, type Life, live, readLife, report } from './life.ts';
import { loadTables, saveTables } from './table-backup.ts';

/** What a drill found. */
export interface DrillResult {
  /** As PostgreSQL writes it: what was committed later is left out. */
  readonly restored_to: string;
  readonly base_backup_bytes: number;
  readonly base_backup_ms: number;
  readonly document_items: number;
  /** From the loss until the restored mesh was ready. */
  readonly recovery_ms: number;
  /** Things that users read, before and after. */
  readonly compared: number;
  /** Those that are not as they were. */
  readonly different: readonly string[];
  /** A report that was taken in after the restore. */
  readonly new_report: string;
}

/** How a drill is done. */
export interface DrillOptions {
  /** An empty folder, or one to make; other users must be able to pass through it when root does this. */
  readonly folder: string;
  /** Reports before the base backup, and as many while it is taken. */
  readonly reports: number;
  readonly signal: AbortSignal;
  readonly onStep: (step: string) => void;
}

/** Does the drill. Throws where a step fails; what it started has ended then. */
export async function restoreDrill({ folder, reports, signal, onStep }: DrillOptions): Promise<DrillResult> {
  await ensureFolder(folder);
  const folders = foldersIn(folder);
  const owner = await postgresAccount();
  onStep('starting a mesh whose PostgreSQL archives its log');
  await beginArchive(folders, owner);
  const lost = await startDrillMesh(folders.lost, folders.issuerKeyPath, signal);
  const backup = await livesAndLoses(lost, { folders, reports, signal, onStep }).finally(() => lost.close());
  const lostMs = performance.now();
  onStep('restoring from the backups alone');
  await rm(join(folders.lost, 'postgres'), { recursive: true, force: true });
  await rm(join(folders.lost, 'dynamodb'), { recursive: true, force: true });
  await restore(folders, backup.until, owner);
  const restored = await startDrillMesh(folders.restored, folders.issuerKeyPath, signal);
  try {
    const recoveryMs = performance.now() - lostMs;
    onStep('comparing what people read, and taking a new report in');
    const different = differences(backup.read, await readLife(restored.api, backup.life));
    return {
      ...{ restored_to: backup.until, base_backup_bytes: backup.bytes, base_backup_ms: backup.ms },
      ...{ document_items: backup.items, recovery_ms: Math.round(recoveryMs) },
      ...{ compared: backup.read.size, different },
      new_report: await report(restored.api, 'A street light is out on Main Street', signal),
    };
  } finally {
    await restored.close();
  }
}

interface Backup {
  readonly until: string;
  readonly bytes: number;
  readonly ms: number;
  readonly items: number;
  readonly life: Life;
  readonly read: ReadonlyMap<string, unknown>;
}

async function beginArchive({ lost, archive }: DrillFolders, owner: Owner | undefined): Promise<void> {
  await ensureFolder(lost);
  const postgres = await startLocalPostgres({ dataDir: lost });
  try {
    await archiveTo(postgres.adminUrl, archive, owner);
  } finally {
    await postgres.stop();
  }
}

interface Lived extends Omit<DrillOptions, 'folder'> {
  readonly folders: DrillFolders;
}

/** The base backup is taken while reports come in; the moment to come back to is after them. */
async function livesAndLoses(mesh: DrillMesh, { folders, reports, signal, onStep }: Lived): Promise<Backup> {
  const { adminUrl, dynamoEndpoint } = mesh.databases;
  onStep(`taking ${reports} reports in`);
  const before = await live(mesh.api, reports, signal);
  onStep(`taking the base backup while ${reports} more come in`);
  const startedMs = performance.now();
  const taking = takeBaseBackup({ adminUrl, cluster: join(folders.lost, 'postgres'), to: folders.base });
  const [bytes, during] = await Promise.all([taking, live(mesh.api, reports, signal)]);
  const ms = Math.round(performance.now() - startedMs);
  const life = bothLives(before, during);
  const read = await readLife(mesh.api, life);
  onStep('copying documents and objects');
  const items = await withTables(dynamoEndpoint, (client) =>
    saveTables(client, Object.values(tableNames), folders.tables),
  );
  await copyFolder({ from: join(folders.lost, 'objects'), to: folders.objects });
  const until = await momentOf(adminUrl);
  onStep('losing it: reports deleted, a schema dropped');
  for (const incident_id of life.reports.slice(0, reports)) {
    await mesh.api.delete('/api/v1/reports/{incident_id}', { path: { incident_id } });
  }
  const url = Object.assign(new URL(adminUrl), { pathname: `/${databaseName}` }).toString();
  await withOwnClient({ connectionString: url }, async (client) => {
    await client.query('drop schema registry cascade');
  });
  await untilArchived(adminUrl);
  return { until, bytes, ms, items, life, read };
}

async function restore(folders: DrillFolders, until: string, owner: Owner | undefined): Promise<void> {
  const { base, archive, lost, restored } = folders;
  await ensureFolder(restored);
  await restoreCluster({ backup: base, archive, cluster: join(restored, 'postgres'), until, owner });
  // Passwords of the superuser and of the services' roles are in the cluster: who restores it needs them too.
  const secrets = ['postgres-password', 'secrets.json'];
  await copyFolder({ from: lost, to: restored, leavesOut: (path) => !secrets.includes(path) });
  await ensureFolder(restored);
  await copyFolder({ from: folders.objects, to: join(restored, 'objects') });
  const documents = join(restored, 'dynamodb');
  await mkdir(restored, { recursive: true });
  const emulator = await startLocalDynamodb({ path: documents });
  try {
    await prepareTables(emulator.endpoint);
    await withTables(emulator.endpoint, (client) => loadTables(client, folders.tables));
  } finally {
    await emulator.stop();
  }
}
