/** More globals of the browser tests' runner. */
declare function before(body: () => void | Promise<void>): void;
declare function after(body: () => void | Promise<void>): void;
