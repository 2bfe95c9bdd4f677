/** `<activation-lab experiment="bottleneck">`: digits that are there, missing, broken, swapped. */
import { expect } from '@open-wc/testing';
import type { ActivationLab } from '../../components/lab/define.js';
import { idxFiles } from './idx-files.js';
import { alertText, all, drawn, mountLab, one, press, untilState } from './helpers.js';

/** As by the file chooser. */
async function choose(element: ActivationLab, files: readonly File[]): Promise<void> {
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  await drawn(element);
  const input = one<HTMLInputElement>(element, 'input[type="file"]');
  input.files = transfer.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
  await drawn(element);
}

describe('<activation-lab experiment="bottleneck">', () => {
  it('says what to do where the site has no digits, and learns those of the reader, file by file', async () => {
    const element = await mountLab('bottleneck');
    expect(element.state).to.equal('idle');
    await expect(element).to.be.accessible();
    const base = document.createElement('base');
    base.href = '/nowhere/'; // a developer's own checkout may have the digits
    document.head.append(base);
    press(element, 'Start');
    await untilState(element, 'error');
    base.remove();
    expect(alertText(element)).to.match(/this site has no copy.*Choose its four files/);

    const [images, labels, ...rest] = idxFiles();
    if (!images || !labels) throw new Error('There are no files.');
    await choose(element, [images]);
    press(element, 'Start');
    await untilState(element, 'error');
    expect(alertText(element)).to.match(/train-labels-idx1-ubyte.gz is not among them/);
    await choose(element, [labels, ...rest]);
    expect(all(element, 'activation-lab-files li, li')).to.have.lengthOf(4);
    element.set('steps', 5);
    element.set('hiddenSize', 4);
    press(element, 'Start');
    await untilState(element, 'finished');
    expect(alertText(element)).to.equal('');
    await expect(element).to.be.accessible();

    await choose(element, [new File([images.slice(0, 1000)], images.name)]);
    press(element, 'Start');
    await untilState(element, 'error');
    expect(alertText(element)).to.match(/train-images.*cut short/);
    await choose(element, [new File([labels], images.name), new File([images], labels.name)]);
    press(element, 'Start');
    await untilState(element, 'error');
    expect(alertText(element)).to.match(/swapped/);
    await choose(element, [images, labels]);
    press(element, 'Start');
    await untilState(element, 'finished');
  });

  it('takes files that are dropped on it', async () => {
    const element = await mountLab('bottleneck');
    const dataTransfer = new DataTransfer();
    for (const file of idxFiles()) dataTransfer.items.add(file);
    element.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    await drawn(element);
    expect(element.files).to.have.lengthOf(4);
  });
});
