// A process that migrates and ends: for tests in which many of them race. Arguments: URL, schema, directory. It waits for a line of input before
// it begins, so that all begin together, and prints the names that it applied as JSON.
import { once } from 'node:events';
import { migrate } from './migrations.ts';

const [url = '', schema = '', directory = ''] = process.argv.slice(2);
process.stdout.write('ready\n');
await once(process.stdin, 'data');
process.stdin.destroy();
process.stdout.write(`${JSON.stringify(await migrate({ url, schema, directory }))}\n`);
