/** Files and folders to learn from, as the form takes them. */
import { expect } from '@open-wc/testing';
import type { AdaptiveLm } from '../../components/define.js';
import { corpusFiles, droppedFiles, entriesOf, isFile, isFolder } from '../../components/corpus-entries.js';
import { TrainingStart } from '../../components/training-start.js';
import { button, find, findAll, goOn, mountEmpty, settled, until } from './helpers.js';

const text = 'The lamp must be fed, and the clock must be wound. '.repeat(40);

async function choose(element: AdaptiveLm, ...files: readonly File[]): Promise<void> {
  const chosen = new DataTransfer();
  for (const file of files) chosen.items.add(file);
  const input = find<HTMLInputElement>(element, '#file');
  input.files = chosen.files;
  input.dispatchEvent(new Event('change'));
  await settled(element);
}

function rows(element: AdaptiveLm): string[] {
  const field = find(element, 'adaptive-lm-corpus').shadowRoot;
  return (field ? findAll(field, 'li') : []).map((row) => row.textContent.replace(/\s+/g, ' ').trim());
}

interface Writer extends EventTarget {
  write(content: Blob): void;
}

/** Of this browser only. */
declare global {
  interface Window {
    webkitRequestFileSystem?: (
      type: number,
      bytes: number,
      resolve: (system: FileSystem) => void,
      reject: (error: unknown) => void,
    ) => void;
  }
  interface FileSystemFileEntry {
    createWriter?: (resolve: (writer: Writer) => void, reject: (error: unknown) => void) => void;
  }
}

describe('<adaptive-lm> with files to learn from', () => {
  it('lists them with their sizes, takes more, and lets go of them', async () => {
    const element = await mountEmpty();
    await choose(element, new File([text], 'sea.txt'));
    expect(rows(element)).to.deep.equal(['sea.txt 2 kB Remove']);
    await choose(
      element,
      new File([text, text], '“1” <b>.txt'),
      new File(['.'], '.hidden'),
      new File(['x'], 'sea.txt'),
    );
    expect(rows(element)).to.deep.equal(['“1” <b>.txt 4.1 kB Remove', 'sea.txt 1 B Remove']);
    for (const name of ['sea.txt', '“1” <b>.txt']) {
      find(element, `[aria-label='Remove ${name}']`).click();
      await settled(element);
    }
    expect(rows(element)).to.deep.equal([]);
    expect(find<HTMLTextAreaElement>(element, '[part="corpus"]').value).to.equal('');
    expect(button(element, 'Start training').disabled).to.equal(true);
  });

  it('gives each of several a weight', async () => {
    const element = await mountEmpty({ pace: 1, steps: 5 });
    await choose(element, new File([text], 'sea.txt'));
    const form = find(element, 'adaptive-lm-training-form');
    expect(form.shadowRoot && findAll(form.shadowRoot, 'li input')).to.deep.equal([]);
    await choose(element, new File([text, text], 'lamp.txt'));
    const weight = find<HTMLInputElement>(element, '[aria-label="Weight of lamp.txt"]');
    weight.value = '2.5';
    weight.dispatchEvent(new Event('change'));
    await settled(element);
    const started = new Promise<TrainingStart>((resolve) => {
      form.addEventListener('training-start', (event) => {
        if (event instanceof TrainingStart) resolve(event);
      });
    });
    button(element, 'Start training').click();
    const { corpus } = await started;
    if (typeof corpus === 'string' || corpus instanceof URL || corpus instanceof Blob) throw new Error('no files');
    const given = [...corpus].map((each) => (each instanceof Blob ? null : [each.name, each.weight]));
    expect(given).to.deep.equal([
      ['sea.txt', 1],
      ['lamp.txt', 2.5],
    ]);
    await until(element, 'training');
    await until(element, 'ready');
  });

  it('leaves repeats out when that is asked for, and only then', async () => {
    const element = await mountEmpty({ pace: 1, steps: 5 });
    await choose(element, new File([text], 'sea.txt'));
    const form = find(element, 'adaptive-lm-training-form');
    const asked: unknown[] = [];
    form.addEventListener('training-start', (event) => {
      if (event instanceof TrainingStart) asked.push(event.options.deduplicate);
    });
    for (const kind of ['', 'paragraphs', 'documents']) {
      const select = find<HTMLSelectElement>(element, '#repeats');
      select.value = kind;
      select.dispatchEvent(new Event('change'));
      await settled(element);
      button(element, 'Start training').click();
      await until(element, 'training');
      await until(element, 'ready');
      button(element, 'Train again').click();
      await settled(element);
    }
    expect(asked).to.deep.equal([undefined, 'paragraphs', 'documents']);
  });

  it('says how much of them has been read', async () => {
    const element = await mountEmpty({ pace: 20 });
    const work = element.train('!reading '.concat(text));
    await until(element, 'training');
    const run = () => find(element, 'adaptive-lm-training-run').shadowRoot;
    for (const saying of ['Looking at the text: 500 MB of 1 GB', 'Turning it into tokens: 250 MB']) {
      while (!run()?.textContent.includes(saying)) await new Promise((resolve) => setTimeout(resolve, 5));
      goOn();
    }
    await work;
  });
});

describe('folders', () => {
  /** The sandbox that browsers with folder drops have had for long. */
  function sandbox(): Promise<FileSystem> {
    return new Promise((resolve, reject) => window.webkitRequestFileSystem?.(0, 1 << 20, resolve, reject));
  }

  async function put(folder: FileSystemDirectoryEntry, path: string, content: string): Promise<void> {
    const [name = '', ...rest] = path.split('/');
    const create = { create: true };
    if (rest.length > 0) {
      const inner = await new Promise<FileSystemEntry>((resolve, reject) =>
        folder.getDirectory(name, create, resolve, reject),
      );
      if (isFolder(inner)) await put(inner, rest.join('/'), content);
      return;
    }
    const file = await new Promise<FileSystemEntry>((resolve, reject) => folder.getFile(name, create, resolve, reject));
    if (!isFile(file)) return;
    const writer = await new Promise<Writer>((resolve, reject) => file.createWriter?.(resolve, reject));
    await new Promise((resolve) => {
      writer.addEventListener('writeend', resolve, { once: true });
      writer.write(new Blob([content]));
    });
  }

  it('that are dropped give all their files, but for hidden ones, as one entry', async () => {
    const { root } = await sandbox();
    await put(root, 'letters/a.txt', 'one');
    await put(root, 'letters/.git/config', 'none');
    for (let i = 0; i < 120; i++) await put(root, `letters/inner/${String(i).padStart(3, '0')} ä.txt`, String(i));
    const folder = await new Promise<FileSystemEntry>((resolve, reject) =>
      root.getDirectory('letters', {}, resolve, reject),
    );
    const dropped = { items: [{ webkitGetAsEntry: () => folder }], files: [] };
    const found = await droppedFiles(dropped);
    const [entry, ...others] = entriesOf(found);
    expect(others).to.have.lengthOf(0);
    expect([entry?.name, entry?.files.length]).to.deep.equal(['letters', 121]);
    const files = corpusFiles(entry ? [{ ...entry, weight: 3 }] : []);
    expect(files[1]).to.include({ name: 'letters/inner/000 ä.txt', weight: 3 });
    expect(await files[1]?.file.text()).to.equal('0');
  });
});
