/** What an experiment found, as tables for people. */
import type { AnyFrame, Claim, Report, Table } from '../lab/experiment.js';

export function printReport({ claims, tables }: Report<AnyFrame>): void {
  for (const table of tables) process.stdout.write(`\n${tableLines(table)}\n`);
  if (claims.length > 0) process.stdout.write(`\n${tableLines(claimTable(claims))}\n`);
}

function claimTable(claims: readonly Claim[]): Table {
  return {
    title: 'Claims',
    columns: ['claim', 'expected', 'measured', 'holds'],
    rows: claims.map(({ claim, expected, measured, holds }) => {
      return [claim, expected, measured, holds === null ? 'open' : holds ? 'yes' : 'no'];
    }),
  };
}

/** Markdown, in columns of one width. */
export function tableLines({ title, columns, rows }: Table): string {
  const cells = [columns, ...rows].map((row) => row.map((cell) => String(cell).replaceAll('|', '\\|')));
  const widths = columns.map((_, at) => Math.max(3, ...cells.map((row) => (row[at] ?? '').length)));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, at) => (row[at] ?? '').padEnd(width)).join(' | ')} |`;
  const [head = [], ...body] = cells;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return [title, '', line(head), rule, ...body.map(line)].join('\n');
}
