// The password of a service's role, from wherever the settings say it is.
import { readSecret } from '../../foundation/secrets/read-secret.ts';
import { SecretError, type SecretSource } from '../../foundation/secrets/secret-source.ts';

/** The password as text. A managed secret is the JSON that the service itself logs in with, of which this is the field `password`. Throws SecretError. */
export async function readRolePassword(source: SecretSource): Promise<string> {
  const text = await readSecret(source);
  if (source.kind !== 'secrets_manager') return text;
  const password = passwordIn(text);
  if (password === undefined)
    throw new SecretError(source.setting, 'the secret must be JSON with a text password');
  return password;
}

function passwordIn(text: string): string | undefined {
  try {
    const { password } = JSON.parse(text) as { password?: unknown };
    return typeof password === 'string' ? password : undefined;
  } catch {
    return undefined; // the parser's message would show a piece of the secret
  }
}
