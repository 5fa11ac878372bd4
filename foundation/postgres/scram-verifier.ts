// What PostgreSQL stores in place of a password: a SCRAM-SHA-256 verifier (RFC 5803), from which the password cannot be read.
import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const iterations = 4096;
const saltBytes = 16;
const keyBytes = 32;

/** A verifier with a new random salt. Throws for anything but printable ASCII, which would need SASLprep first. */
export async function scramVerifier(password: string): Promise<string> {
  if (!/^[\x20-\x7e]+$/.test(password)) throw new RangeError('A database password must be printable ASCII');
  const salt = randomBytes(saltBytes);
  const salted = await promisify(pbkdf2)(password, salt, iterations, keyBytes, 'sha256');
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64');
  const serverKey = hmac(salted, 'Server Key').toString('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
