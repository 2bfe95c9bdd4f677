/** The dialog before saving: which form, as which file. */
import { expect, waitUntil } from '@open-wc/testing';
import type { AdaptiveLm } from '../../components/define.js';
import { button, find, findAll, mount, settled } from './helpers.js';

/** Opens the dialog and waits until it is there. */
async function ask(element: AdaptiveLm): Promise<HTMLDialogElement> {
  button(element, 'Save…').click();
  const dialogs = () => findAll<HTMLDialogElement>(element.shadowRoot ?? element, 'dialog');
  await waitUntil(() => dialogs().some(({ open }) => open), 'it is asked', { timeout: 60_000 });
  await settled(element);
  return find<HTMLDialogElement>(element, 'dialog');
}

/** The names of what is given to the browser's downloads meanwhile. */
async function downloads(work: () => Promise<void> | void): Promise<readonly string[]> {
  const names: string[] = [];
  Object.defineProperty(HTMLAnchorElement.prototype, 'click', {
    configurable: true,
    value: function (this: HTMLAnchorElement) {
      names.push(this.download);
    },
  });
  try {
    await work();
    while (names.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  } finally {
    Reflect.deleteProperty(HTMLAnchorElement.prototype, 'click'); // the one of all elements stands behind it
  }
  return names;
}

describe('<adaptive-lm> saving', () => {
  it('offers the forms with their sizes, and saves the one that is chosen', async () => {
    const element = await mount();
    const dialog = await ask(element);
    expect(dialog.open).to.equal(true);
    const labels = [...dialog.querySelectorAll('label')].map((label) => label.textContent);
    expect(labels[0]).to.contain('exact').and.to.contain('2 MB');
    expect(labels[2]).to.contain('quarter').and.to.contain('530 kB');
    await expect(element).to.be.accessible();
    findAll<HTMLInputElement>(element.shadowRoot ?? element, 'dialog input')[3]?.click();
    const names = await downloads(() => button(element, 'Save').click());
    expect(names).to.deep.equal(['shakespeare-by-letters.onnx']);
    expect(dialog.open).to.equal(false);
  });

  it('can be left without saving, and comes again', async () => {
    const element = await mount();
    const dialog = await ask(element);
    button(element, 'Cancel').click();
    expect(dialog.open).to.equal(false);
    await ask(element);
    expect(dialog.open).to.equal(true);
    dialog.close();
    const names = await downloads(async () => {
      await ask(element);
      button(element, 'Save').click();
    });
    expect(names).to.deep.equal(['shakespeare-by-letters.safetensors']);
  });
});
