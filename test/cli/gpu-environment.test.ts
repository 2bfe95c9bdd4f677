/** Which driver for Vulkan the commands choose, in file systems of other machines. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

/** Manifests by what they load, as the drivers' packages have them. */
const drivers = {
  nvidia: 'libGLX_nvidia.so.0',
  radeon: '/usr/lib/x86_64-linux-gnu/libvulkan_radeon.so',
  lavapipe: '/usr/lib/x86_64-linux-gnu/libvulkan_lvp.so',
} as const;

/** `files`: paths, with the driver that a manifest is of. */
async function choose(files: Readonly<Record<string, keyof typeof drivers | ''>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'adaptive-lm-'));
  try {
    for (const [path, driver] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      const manifest = driver && JSON.stringify({ ICD: { library_path: drivers[driver], api_version: '1.3' } });
      await writeFile(join(root, path), manifest);
    }
    const script = `import('./scripts/gpu-environment.js').then((m) => console.log(m.hardwareDriver(${JSON.stringify(root)})))`;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    assert.equal(stderr, '');
    return stdout.trim();
  } finally {
    await rm(root, { recursive: true });
  }
}

const usual = '/usr/share/vulkan/icd.d';

test('a GPU’s own driver is chosen', async () => {
  assert.equal(await choose({ '/dev/dri/renderD128': '', [`${usual}/r.json`]: 'radeon' }), `${usual}/r.json`);
  const both = { [`${usual}/a.json`]: 'radeon', '/etc/vulkan/icd.d/n.json': 'nvidia' } as const;
  assert.equal(await choose({ '/dev/nvidia0': '', '/dev/dri/renderD128': '', ...both }), '/etc/vulkan/icd.d/n.json');
  assert.equal(await choose({ '/dev/dri/renderD128': '', ...both }), `${usual}/a.json`);
});

test('in a container NVIDIA’s driver may lie elsewhere', async () => {
  const elsewhere = '/usr/local/nvidia/share/vulkan/icd.d/nvidia_icd.json';
  const files = { '/dev/nvidia0': '', [`${usual}/lvp.json`]: 'lavapipe', [elsewhere]: 'nvidia' } as const;
  assert.equal(await choose(files), elsewhere);
});

test('without a GPU, or without its driver, there is none', async () => {
  assert.equal(await choose({ '/dev/null': '' }), 'undefined');
  assert.equal(await choose({ '/dev/null': '', [`${usual}/r.json`]: 'radeon' }), 'undefined');
  assert.equal(await choose({ '/dev/nvidia0': '', [`${usual}/lvp.json`]: 'lavapipe' }), 'undefined');
  assert.equal(await choose({ '/dev/dri/renderD128': '', [`${usual}/lvp.json`]: 'lavapipe' }), 'undefined');
  assert.equal(await choose({ '/dev/dri/card0': '', [`${usual}/r.json`]: 'radeon' }), 'undefined');
});
