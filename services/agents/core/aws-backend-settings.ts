// The AWS services that a deployment has put behind tools of the platform. Types only: who finds the credentials is no business of settings.

/** An AWS service in one region, asked as the process's own AWS identity. */
export interface AwsBackendSettings {
  /** Such as `eu-central-1`. */
  readonly region: string;
  /** Base URL; absent for AWS's own of the region. Over `http:` no identity of the process is sent, only words for an emulator. */
  readonly endpoint?: string;
}
