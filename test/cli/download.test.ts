/** `lm download` against a real server: the right bytes, wrong bytes, no server, and a file that is there already. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { AdaptiveError } from '../../core/errors.js';
import { datasetNames, datasets } from '../../cli/datasets.js';
import { download, fetchDataset } from '../../cli/download.js';

let server: Server;
let origin = '';
let folder = '';
let requests = 0;
const paths: (string | undefined)[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adaptive-lm-'));
  server = createServer((request, response) => {
    requests++;
    paths.push(request.url);
    if (request.url === '/gone') response.writeHead(404);
    response.end('something else');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  origin = `http://127.0.0.1:${address.port}`;
});

after(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

function fails(args: readonly string[], code: string, message: RegExp) {
  return assert.rejects(download(args), (error) => {
    assert.ok(error instanceof AdaptiveError);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  });
}

test('bytes with another hash are refused and not written', async () => {
  const args = ['--name', 'tinyshakespeare', '--to', folder, '--url', `${origin}/file`];
  await fails(args, 'network', /14 bytes.*is not the file that was published.*Nothing was written/s);
  assert.deepEqual(await readdir(folder), []);
  assert.equal(requests, 1);
});

test('a server without the file, and no server, are told apart', async () => {
  const args = ['--name', 'tinyshakespeare', '--to', folder, '--url'];
  await fails([...args, `${origin}/gone`], 'network', /404/);
  await fails([...args, 'http://127.0.0.1:9/'], 'network', /could not be fetched/);
});

test('a name that is unknown, or missing', async () => {
  await fails(['--name', 'bible'], 'invalid-option', /expected tinyshakespeare, mnist, got bible/);
  await fails([], 'invalid-option', /--name is needed/);
});

test('every file is pinned: an address, a size, a hash', () => {
  for (const name of datasetNames) {
    for (const { url, bytes, sha256 } of datasets[name].files) {
      assert.match(url, /^https:\/\//);
      assert.match(sha256, /^[0-9a-f]{64}$/);
      assert.ok(Number.isInteger(bytes));
    }
  }
});

test('of several files --url is the folder', async () => {
  await fails(['--name', 'mnist', '--to', folder, '--url', `${origin}/digits/`], 'network', /14 bytes/);
  assert.equal(paths.at(-1), '/digits/train-images-idx3-ubyte.gz');
});

test('the right file is fetched once, checked and kept', async () => {
  const body = 'something else';
  const sha256 = createHash('sha256').update(body).digest('hex');
  const dataset = { file: 'text.txt', url: `${origin}/file`, bytes: body.length, sha256 };
  const asked = requests;
  await fetchDataset(dataset, join(folder, 'new'));
  await fetchDataset(dataset, join(folder, 'new'));
  assert.equal(requests, asked + 1);
  assert.equal(await readFile(join(folder, 'new', 'text.txt'), 'utf8'), body);
  assert.deepEqual(await readdir(join(folder, 'new')), ['text.txt']);
});
