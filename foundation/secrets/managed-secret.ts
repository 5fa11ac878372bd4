// A secret of AWS Secrets Manager, read with the process's own identity. The client lives for one read: secrets are read seldom.
import { SecretError } from './secret-source.ts';

const requestTimeoutMs = 5_000;
const attemptsMax = 3;

/** The current version of the secret's text; of a binary secret its bytes as UTF-8. Throws SecretError. */
export async function readManagedSecret(secret: {
  readonly arn: string;
  readonly setting: string;
}): Promise<string> {
  // Loaded only here: most processes keep their secrets elsewhere, and the package is large.
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const client = new SecretsManagerClient({
    region: regionOf(secret.arn),
    maxAttempts: attemptsMax,
    requestHandler: {
      requestTimeout: requestTimeoutMs,
      connectionTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
  });
  try {
    const { SecretString, SecretBinary } = await client.send(
      new GetSecretValueCommand({ SecretId: secret.arn }),
    );
    return SecretString ?? Buffer.from(SecretBinary ?? []).toString('utf8');
  } catch (error) {
    throw new SecretError(secret.setting, 'the secret cannot be read from AWS Secrets Manager', error);
  } finally {
    client.destroy();
  }
}

/** `arn:aws:secretsmanager:<region>:…` */
function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}
