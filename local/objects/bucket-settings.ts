// The settings of a bucket that are kept and answered as they came. This server acts on none of them: all is private here, nothing has
// versions, and nothing goes by itself.

const absences: Readonly<Record<string, string>> = {
  publicAccessBlock: 'NoSuchPublicAccessBlockConfiguration',
  encryption: 'ServerSideEncryptionConfigurationNotFoundError',
  versioning: 'NoSuchVersioningConfiguration',
  lifecycle: 'NoSuchLifecycleConfiguration',
  cors: 'NoSuchCORSConfiguration',
  ownershipControls: 'OwnershipControlsNotFoundError',
};

/** S3's code for the absence of a setting; undefined when there is no setting of this name. */
export function bucketSetting(name: string): string | undefined {
  return Object.hasOwn(absences, name) ? absences[name] : undefined;
}
