/**
 * HTML as text: what a reader sees, and nothing of the markup. Blocks become lines, paragraphs are set off by blank lines,
 * white space runs together except in <pre>. Any tag soup becomes text. Each page of a file of several is a document.
 */
import { Parser } from 'htmlparser2';
import { AdaptiveError } from '../../core/errors.js';
import type { TextFilter } from './text-bytes.js';

/** What is in them is not part of the text. */
const unseen = new Set(
  'title script style template noscript iframe noembed noframes svg object audio video canvas textarea select'.split(
    ' ',
  ),
);
/** Set off by a blank line. */
const paragraphs = new Set('p h1 h2 h3 h4 h5 h6 blockquote pre ul ol dl table figure hr section article'.split(' '));
/** On lines of their own. */
const lines = new Set(
  (
    'address aside body br caption center dd details dialog dir div dt fieldset figcaption footer form header html legend ' +
    'li main menu nav option optgroup summary tbody tfoot thead tr'
  ).split(' '),
);
const cells = new Set(['td', 'th']);

/** A piece of markup longer than this is none: whoever left it open would have all that follows held in memory. */
const longestMarkup = 2 ** 24;

/** The parser sees pages in pieces of one length, so that what comes out does not depend on how they come in. */
const pieceLength = 2 ** 16;
/** No character. A tag that was only begun is longer by it, and does not become text when the page ends. */
const endMark = '\uffff';

/** The encoding that a page states for itself, or UTF-8. */
export function htmlEncoding(head: Uint8Array, type: string): string {
  const beginning = String.fromCharCode(...head);
  const label =
    /charset=["']?([\w:-]+)/i.exec(type)?.[1] ?? /<meta[^>]+charset\s*=\s*["']?\s*([\w:-]+)/i.exec(beginning)?.[1];
  try {
    const { encoding } = new TextDecoder(label);
    // Whoever could read that it is UTF-16 did not read UTF-16.
    return encoding.startsWith('utf-16') ? 'utf-8' : encoding;
  } catch {
    return 'utf-8';
  }
}

export class HtmlText implements TextFilter {
  readonly #parser: Parser;
  #text = '';
  /** Those before the one that goes on; see TextFilter. */
  #documents: string[] = [];
  /** Line feeds due before the next text. */
  #breaks = 0;
  #space = false;
  #begun = false;
  /** Elements open that are not shown, and that are preformatted. */
  #unseen = 0;
  #pre = 0;
  /** Characters since the parser last told of something. */
  #silence = 0;
  /** Waits until it is a piece. */
  #waiting = '';
  #ended = false;

  constructor() {
    this.#parser = new Parser(
      {
        onopentagname: (name) => this.#open(name),
        onclosetag: (name) => this.#close(name),
        ontext: (text) => this.#add(text),
        oncomment: () => void (this.#silence = 0),
        onprocessinginstruction: (name) => {
          this.#silence = 0;
          if (name.toLowerCase() === '!doctype') this.#beginPage();
        },
      },
      { decodeEntities: true },
    );
  }

  /** @throws AdaptiveError 'corpus-not-text' when a tag or a comment does not come to its end */
  push(html: string): string[] {
    this.#waiting += html;
    for (; this.#waiting.length >= pieceLength; this.#waiting = this.#waiting.slice(pieceLength)) {
      this.#write(this.#waiting.slice(0, pieceLength));
    }
    return this.#take();
  }

  /** What ends within a tag ends before it. */
  end(): string[] {
    this.#write(this.#waiting);
    this.#ended = true;
    this.#parser.write(endMark);
    this.#parser.end();
    if (this.#begun) this.#text += '\n';
    return this.#take();
  }

  #write(html: string): void {
    this.#silence += html.length;
    this.#parser.write(html);
    if (this.#silence > longestMarkup) {
      throw new AdaptiveError(
        'corpus-not-text',
        'A tag or a comment of a web page has no end. Save the page anew, or as text.',
      );
    }
  }

  #take(): string[] {
    const documents = [...this.#documents, this.#text];
    this.#documents = [];
    this.#text = '';
    return documents;
  }

  /** What the page before left open does not reach into this one. */
  #beginPage(): void {
    if (!this.#begun) return;
    this.#documents.push(`${this.#text}\n`);
    this.#text = '';
    this.#begun = this.#space = false;
    this.#breaks = this.#unseen = this.#pre = 0;
  }

  #open(name: string): void {
    this.#silence = 0;
    if (name === 'html') this.#beginPage();
    if (unseen.has(name)) this.#unseen++;
    this.#break(name);
    if (name === 'pre') this.#pre++;
  }

  #close(name: string): void {
    this.#silence = 0;
    if (unseen.has(name)) this.#unseen = Math.max(0, this.#unseen - 1);
    if (name === 'pre') this.#pre = Math.max(0, this.#pre - 1);
    // A void element has come to its end when it has begun.
    if (name !== 'br') this.#break(name);
  }

  #break(name: string): void {
    if (name === 'br') this.#breaks = Math.min(2, this.#breaks + 1);
    else if (paragraphs.has(name)) this.#breaks = 2;
    else if (lines.has(name)) this.#breaks = Math.max(1, this.#breaks);
    else if (cells.has(name)) this.#space = true;
  }

  #add(text: string): void {
    this.#silence = 0;
    if (this.#unseen > 0) return;
    this.#show(this.#ended ? text.replace(endMark, '') : text);
  }

  #show(text: string): void {
    if (this.#pre > 0 && text !== '') {
      this.#put(text);
      return;
    }
    const words = text.split(/[ \t\n\r\f]+/);
    words.forEach((word, i) => {
      if (i > 0) this.#space = true;
      if (word !== '') this.#put(word);
    });
  }

  #put(text: string): void {
    if (this.#begun && this.#breaks > 0) this.#text += '\n'.repeat(this.#breaks);
    else if (this.#begun && this.#space) this.#text += ' ';
    this.#breaks = 0;
    this.#space = false;
    this.#begun = true;
    this.#text += text;
  }
}
