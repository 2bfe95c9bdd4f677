/** Lets browser tests emulate what a reader may have set: colours, motion, contrast, a small or zoomed window. */

/** A page's own connection, for as long as the page: what it emulates ends with it. */
const connections = new WeakMap();

/** Command of `test/components/emulation.ts`. */
export const emulation = {
  name: 'emulation',
  async executeCommand({ command, payload, session }) {
    if (command !== 'emulate') return undefined;
    const page = session.browser.getPage(session.id);
    if (!connections.has(page)) connections.set(page, await page.createCDPSession());
    const { features, width, height } = payload;
    const entries = Object.entries(features).map(([name, value]) => ({ name, value }));
    await connections.get(page).send('Emulation.setEmulatedMedia', { features: entries });
    await page.setViewport({ width, height });
    return true;
  },
};
