// Brings the settings of a table that exists to what is asked for: expiry, backups, encryption, protection, tags. It only ever turns
// things on; what is not asked for stays as it is.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTagsOfResourceCommand,
  type TableDescription,
  type Tag,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

const settledMsMax = 120_000;
const pollMsMin = 50;
const pollMsMax = 2_000;

/** What is asked for. Absent asks for nothing: an emulator that lacks an operation is not to be asked for what needs it. */
export interface TableSettings {
  /** Items of tables that say by which attribute they expire (`ttl` of the definition) do so. */
  readonly expiry?: boolean;
  /** Every second of the last 35 days can be restored. */
  readonly pointInTimeRecovery?: boolean;
  /** ARN of a KMS key. Without it a table is encrypted all the same, with a key that AWS owns. */
  readonly encryptionKey?: string | undefined;
  /** The table cannot be deleted until this is turned off by hand. */
  readonly deletionProtection?: boolean;
  /** Tags that the table has at least. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** A setting by the name under which its change is told. */
export type TableSetting = keyof TableSettings;

/** A table and what is asked of it. */
export interface WantedTable {
  /** The active table. */
  readonly table: TableDescription;
  /** The attribute (seconds since 1970) by which items expire. */
  readonly ttl?: string | undefined;
  readonly settings: TableSettings;
}

interface Step {
  readonly setting: TableSetting;
  isSet(): Promise<boolean>;
  set(): Promise<unknown>;
}

/** Sets what is not set yet and answers which settings that were. Safe to repeat and to race. Throws when items expire by another attribute. */
export async function applyTableSettings(
  client: DynamoDBDocumentClient,
  wanted: WantedTable,
): Promise<readonly TableSetting[]> {
  const changed: TableSetting[] = [];
  for (const step of stepsOf(client, wanted)) {
    if (await apply(step)) changed.push(step.setting);
  }
  return changed;
}

// A table takes one change at a time, and a new table has no backups for a while.
const namesOfNotYet = new Set([
  'ResourceInUseException',
  'LimitExceededException',
  'ContinuousBackupsUnavailableException',
]);

async function apply({ isSet, set }: Step): Promise<boolean> {
  let pollMs = pollMsMin;
  for (let waitedMs = 0; !(await isSet()); waitedMs += pollMs) {
    try {
      await set();
      return true;
    } catch (error) {
      if (!namesOfNotYet.has((error as Error).name) || waitedMs > settledMsMax) throw error;
    }
    await sleep(pollMs);
    pollMs = Math.min(pollMs * 2, pollMsMax);
  }
  return false;
}

function stepsOf(client: DynamoDBDocumentClient, { table, ttl, settings }: WantedTable): readonly Step[] {
  const { expiry, pointInTimeRecovery, encryptionKey, deletionProtection, tags = {} } = settings;
  const steps: Step[] = [];
  if (encryptionKey !== undefined) steps.push(encryptionStep(client, table, encryptionKey));
  if (deletionProtection) steps.push(protectionStep(client, table));
  if (pointInTimeRecovery) steps.push(recoveryStep(client, table));
  if (expiry && ttl !== undefined) steps.push(expiryStep(client, table, ttl));
  if (Object.keys(tags).length > 0) steps.push(tagsStep(client, table, tags));
  return steps;
}

async function describe(
  client: DynamoDBDocumentClient,
  { TableName }: TableDescription,
): Promise<TableDescription | undefined> {
  return (await client.send(new DescribeTableCommand({ TableName }))).Table;
}

function encryptionStep(client: DynamoDBDocumentClient, table: TableDescription, key: string): Step {
  const { TableName } = table;
  const SSESpecification = { Enabled: true, SSEType: 'KMS' as const, KMSMasterKeyId: key };
  return {
    setting: 'encryptionKey',
    isSet: async () => (await describe(client, table))?.SSEDescription?.KMSMasterKeyArn === key,
    set: () => client.send(new UpdateTableCommand({ TableName, SSESpecification })),
  };
}

function protectionStep(client: DynamoDBDocumentClient, table: TableDescription): Step {
  const { TableName } = table;
  return {
    setting: 'deletionProtection',
    isSet: async () => (await describe(client, table))?.DeletionProtectionEnabled === true,
    set: () => client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true })),
  };
}

function recoveryStep(client: DynamoDBDocumentClient, { TableName }: TableDescription): Step {
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
  return {
    setting: 'pointInTimeRecovery',
    isSet: async () => {
      const { ContinuousBackupsDescription } = await client.send(
        new DescribeContinuousBackupsCommand({ TableName }),
      );
      const { PointInTimeRecoveryDescription } = ContinuousBackupsDescription ?? {};
      return PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED';
    },
    set: () =>
      client.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification })),
  };
}

function expiryStep(client: DynamoDBDocumentClient, { TableName }: TableDescription, ttl: string): Step {
  const TimeToLiveSpecification = { AttributeName: ttl, Enabled: true };
  return {
    setting: 'expiry',
    isSet: async () => {
      const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
      const { TimeToLiveStatus: status, AttributeName: attribute } = TimeToLiveDescription ?? {};
      const isOn = status === 'ENABLED' || status === 'ENABLING';
      if (isOn && attribute !== ttl)
        throw new Error(`Items of the table ${TableName} expire by ${attribute} and not by ${ttl}`);
      return isOn;
    },
    set: () => client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification })),
  };
}

function tagsStep(
  client: DynamoDBDocumentClient,
  { TableArn: ResourceArn }: TableDescription,
  tags: Readonly<Record<string, string>>,
): Step {
  const wanted = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return {
    setting: 'tags',
    isSet: async () => {
      const held = await tagsOf(client, ResourceArn);
      return wanted.every(({ Key, Value }) => held.some((tag) => tag.Key === Key && tag.Value === Value));
    },
    set: () => client.send(new TagResourceCommand({ ResourceArn, Tags: wanted })),
  };
}

/** A resource has at most 50 tags, which take a few pages. */
async function tagsOf(client: DynamoDBDocumentClient, arn: string | undefined): Promise<readonly Tag[]> {
  const tags: Tag[] = [];
  let start: string | undefined;
  do {
    const page = await client.send(
      new ListTagsOfResourceCommand({ ResourceArn: arn, ...(start && { NextToken: start }) }),
    );
    tags.push(...(page.Tags ?? []));
    start = page.NextToken;
  } while (start !== undefined);
  return tags;
}
