import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvCell } from '../../api/audit/export/csv.js';

/** What a spreadsheet makes of a quoted cell. */
function read(cell: string): string {
  expect(cell).toMatch(/^"(?:[^"]|"")*"$/);
  return cell.slice(1, -1).replaceAll('""', '"');
}

describe('a cell of a CSV export', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '\0=1', '＝1', '＋1', '－1', '＠1'])(
    'that begins as %j does is text, not a formula',
    (text) => {
      expect(read(csvCell(text))).toBe(`'${text}`);
    },
  );

  it('is quoted, and says its quotes twice', () => {
    expect(csvCell('a "b", c')).toBe('"a ""b"", c"');
    expect(csvCell('长三角 😀')).toBe('"长三角 😀"');
  });

  it('is empty for what there is not, and JSON for what has parts', () => {
    expect([csvCell(undefined), csvCell(0), csvCell(['=a'])]).toEqual(['""', '"0"', '"[""=a""]"']);
  });

  it('is read back as it was, but for the apostrophe of what would be a formula', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        const back = read(csvCell(text));
        expect(back === text || back === `'${text}`).toBe(true);
        expect(back).not.toMatch(/^[=+\-@\t\r\n\0]/);
      }),
    );
  });
});
