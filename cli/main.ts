/** The command line: the page's runtime in Node. */
import { AdaptiveError } from '../core/errors.js';
import { convert, convertHelp } from './convert.js';
import { download, downloadHelp } from './download.js';
import { evaluate, evaluateHelp } from './evaluate.js';
import { exportHelp, exportModel } from './export.js';
import { generate, generateHelp } from './generate.js';
import { learn, learnHelp } from './learn.js';
import { importForeign, importHelp } from './import.js';
import { reportError } from './report-error.js';
import { tokenizer, tokenizerHelp } from './tokenizer.js';
import { decode, encode, tokensHelp } from './tokens.js';
import { train, trainHelp } from './train.js';

const commands = {
  train: { run: train, about: 'learn a text', help: trainHelp },
  generate: { run: generate, about: 'write', help: generateHelp },
  download: { run: download, about: 'fetch published data to learn', help: downloadHelp },
  learn: { run: learn, about: 'learn a little from a reader’s text, and see what was forgotten', help: learnHelp },
  evaluate: { run: evaluate, about: 'measure the loss on a text', help: evaluateHelp },
  tokenizer: { run: tokenizer, about: 'learn how a text is divided into tokens', help: tokenizerHelp },
  encode: { run: encode, about: 'standard input to the ids of its tokens', help: tokensHelp },
  decode: { run: decode, about: 'ids on standard input to the text that they are', help: tokensHelp },
  export: { run: exportModel, about: 'hand a model to other tools', help: exportHelp },
  import: { run: importForeign, about: 'take a model from PyTorch', help: importHelp },
  convert: { run: convert, about: 'store a model in another precision', help: convertHelp },
} as const;

const usage = `npm run lm -- COMMAND [OPTIONS]\n\n${Object.entries(commands)
  .map(([name, { about, help }]) => `${name}: ${about}\n${help}`)
  .join('\n\n')}\n`;

function isCommand(name: string): name is keyof typeof commands {
  return Object.hasOwn(commands, name);
}

async function main([name = '--help', ...args]: readonly string[]): Promise<void> {
  if (name === '--help' || name === 'help') {
    process.stdout.write(usage);
  } else if (!isCommand(name)) {
    throw new AdaptiveError('invalid-option', `There is no command ${name}. See --help.`);
  } else if (args.includes('--help')) {
    process.stdout.write(`${commands[name].help}\n`);
  } else {
    await commands[name].run(args);
  }
}

try {
  await main(process.argv.slice(2));
} catch (thrown) {
  reportError(thrown);
  process.exitCode = 1;
}
