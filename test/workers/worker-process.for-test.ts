// A worker in a process of its own that a test kills. It writes its port, then the key of every task that it is posted, and answers none.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const server = createServer((request, response) => {
  if (request.url === '/health') return response.end('{}');
  process.stdout.write(`${request.headers['idempotency-key']}\n`);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
