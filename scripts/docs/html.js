/** Text into HTML, and code into coloured code: by classes, so that the strictest policy for styles is enough. */
import highlighter from 'highlight.js/lib/common';

export function escape(text) {
  return String(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** What a fence calls its language, in the highlighter's words. Others stay plain. */
const languages = {
  js: 'javascript',
  ts: 'typescript',
  html: 'xml',
  sh: 'bash',
  css: 'css',
  json: 'json',
  python: 'python',
  py: 'python',
  wgsl: 'rust',
};

/** The inside of a `<code>`. */
export function highlight(code, name) {
  const language = languages[name];
  return language ? highlighter.highlight(code, { language }).value : escape(code);
}

/** A block of code that scrolls by itself, and with the keyboard. */
export function codeBlock(code, name, label = 'Code') {
  return `<pre tabindex="0" role="group" aria-label="${escape(label)}"><code>${highlight(code.trimEnd(), name)}</code></pre>\n`;
}
