// A collector that takes spans and forgets them, in a process of its own: what a real one does with them is not ours to measure. Its parent is
// sent the URL, and then how many bytes came whenever it asks. It ends with its parent.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

let bytes = 0;
const server = createServer((request, response) => {
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  request.on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${port}` });
});
process.on('message', () => process.send?.({ bytes }));
process.on('disconnect', () => process.exit(0));
