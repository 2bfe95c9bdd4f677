/** The globals of the browser tests' runner. */
declare function describe(title: string, body: () => void): void;
declare function it(title: string, body: () => void | Promise<void>): { timeout(milliseconds: number): void };
declare function beforeEach(body: () => void | Promise<void>): void;
declare function afterEach(body: () => void | Promise<void>): void;
