/**
 * A vendor with one ended batch, in a process of its own: `results-process.ts LINES PICTURE_BYTES SEED`.
 * The results are written while they are read; the same picture in each line. Says its address.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { seededRandom } from '../src/engine/core/random.ts';

const [lines = 0, pictureBytes = 0, seed = 1] = process.argv.slice(2).map(Number);

const BATCH = {
  id: 'batch_1',
  object: 'batch',
  status: 'completed',
  created_at: 1_800_000_000,
  output_file_id: 'file-1',
  request_counts: { total: lines, completed: lines, failed: 0 },
};

const random = seededRandom(seed);
const picture = Buffer.from(
  Uint8Array.from({ length: pictureBytes }, () => Math.floor(random.next() * 256)),
).toString('base64');

function* results(): Generator<string> {
  for (let index = 0; index < lines; index += 1) {
    yield `{"id":"batch_req_${index}","custom_id":"row-${index}","error":null,`;
    yield '"response":{"status_code":200,"body":{"created":1,"data":[{"b64_json":"';
    yield picture;
    yield '"}]}}}\n';
  }
}

async function answer(path: string, response: ServerResponse): Promise<void> {
  if (path.endsWith('/content')) return pipeline(Readable.from(results()), response);
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(BATCH));
}

const server = createServer((request, response) => {
  void answer(request.url ?? '', response).catch(() => response.destroy());
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
await once(process, 'disconnect');
process.exit();
