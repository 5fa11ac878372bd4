// Reads a secret from where a setting says it is. It keeps nothing: whoever needs the secret again after a change reads it again.
import { readFile } from 'node:fs/promises';
import { readManagedSecret } from './managed-secret.ts';
import { SecretError, type SecretSource } from './secret-source.ts';

/** The secret as text; of a file without the line break at its end. Throws SecretError. */
export async function readSecret(source: SecretSource): Promise<string> {
  if (source.kind === 'text') return source.text;
  if (source.kind === 'secrets_manager') return readManagedSecret(source);
  try {
    const text = await readFile(source.path, 'utf8');
    return text.replace(/\r?\n$/, '');
  } catch (error) {
    throw new SecretError(source.setting, `the file ${source.path} cannot be read`, error);
  }
}
