/** The frame of every page: head, the one navigation, what the page says. No script unless a page brings one. */
import { escape } from './html.js';
import { addressFrom, presentChapters } from './site-map.js';

/**
 * @param page its address in the site, 'math/index.html'
 * @param headings those that "On this page" lists
 */
export function layout({ page, title, body, headings = [], description = title }) {
  const to = (target) => escape(addressFrom(page, target));
  const top = [
    ['index.html', 'Documentation'],
    ['examples/index.html', 'Examples'],
    ['../trainer.html', 'Your own model'],
    ['../complete.html', 'A place to write'],
    ['../lab.html', 'The laboratory'],
  ];
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="description" content="${escape(description)}" />
    <title>${escape(title)} – adaptive-lm</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${to('../style.css')}" />
    <link rel="stylesheet" href="${to('docs.css')}" />
${body.includes('<math') ? `    <link rel="stylesheet" href="${to('math.css')}" />\n` : ''}  </head>
  <body>
    <nav class="wide" aria-label="Site">
      <a class="brand" href="${to('../index.html')}">adaptive-lm</a>
${top.map(([target, text]) => `      <a href="${to(target)}">${text}</a>`).join('\n')}
      <a class="to-chapters" href="#chapters">All pages</a>
    </nav>
    <div class="book wide">
      <main class="prose">
${body}
      </main>
${onThisPage(headings)}${navigation(page)}    </div>
    <footer class="wide">
      <a href="${to('../index.html')}">adaptive-lm</a>
      <span>MIT licence</span>
    </footer>
  </body>
</html>
`;
}

function navigation(page) {
  const link = (target) => {
    const current = target.page === page ? ' aria-current="page"' : '';
    return `<li><a href="${escape(addressFrom(page, target.page))}"${current}>${escape(target.title)}</a></li>`;
  };
  const chapters = presentChapters().map(
    ({ title, pages }) => `<div>
          <p>${escape(title)}</p>
          <ul>
            ${pages.map(link).join('\n            ')}
          </ul>
        </div>`,
  );
  return `      <nav class="chapters" id="chapters" aria-label="Documentation">
        ${chapters.join('\n        ')}
      </nav>
`;
}

function onThisPage(headings) {
  if (headings.length < 3) return '';
  const items = headings.map(({ id, text }) => `<li><a href="#${escape(id)}">${escape(text)}</a></li>`);
  return `      <nav class="contents" aria-label="On this page">
        <p>On this page</p>
        <ul>
          ${items.join('\n          ')}
        </ul>
      </nav>
`;
}
