/** The form for spreadsheets (RFC 4180). NDJSON is the one that counts as evidence. */
import type { ExportForm } from './format.js';
import type { Fact } from './read-facts.js';
import { type FactKind, kindOf, toldBy } from './told.js';

type Told = Readonly<Record<string, unknown>>;

interface Cell {
  readonly fact: Fact;
  readonly number: number;
  readonly kind: FactKind;
  readonly told: Told;
  readonly text: string;
}

interface Column {
  readonly name: string;
  readonly meaning: string;
  readonly value: (cell: Cell) => unknown;
}

function field(name: string, meaning: string): Column {
  return { name, meaning, value: ({ told }) => told[name] };
}

/** What happened, in one word. */
function actionOf({ kind, told, fact }: Cell): unknown {
  const words: Readonly<Record<FactKind, unknown>> = {
    use: told.decision,
    release: 'released',
    entry: told.type,
    grant: fact.part < 0 ? 'requested' : told.step,
    certificate: fact.part < 0 ? 'issued' : told.change,
  };
  return words[kind];
}

export const COLUMNS: readonly Column[] = [
  { name: 'number', meaning: 'from 1, without a gap', value: ({ number }) => number },
  { name: 'kind', meaning: 'use, release, entry, grant or certificate; end in the last line', value: ({ kind }) => kind },
  {
    name: 'action',
    meaning: 'permitted, denied, released, the entry’s type, requested or the step, issued or the change',
    value: actionOf,
  },
  { name: 'time', meaning: 'recorded time', value: ({ fact }) => new Date(fact.time).toISOString() },
  { name: 'block', meaning: 'number of the block', value: ({ fact }) => fact.block },
  { name: 'position', meaning: 'place in the block', value: ({ fact }) => fact.position },
  { name: 'transaction', meaning: 'transaction id', value: ({ fact }) => fact.transaction_id },
  { name: 'key', meaning: 'key on the ledger', value: ({ fact }) => fact.key },
  { name: 'agency', meaning: 'who did it', value: ({ told }) => told.agency ?? told.provider ?? told.issuer ?? told.grantee },
  field('useId', 'of a use or release'),
  field('grantId', 'of a use, release or grant'),
  {
    name: 'caseId',
    meaning: 'of an entry, and where one is named',
    value: ({ kind, told, fact }) => (kind === 'entry' ? fact.key.split('~')[1] : told.caseId),
  },
  field('certificateId', 'of a certificate'),
  field('dataSet', 'of a use or grant'),
  field('subject', 'handle of the person or company'),
  field('purpose', 'item and code, as JSON'),
  field('fields', 'of the data set, as JSON'),
  field('count', 'uses that a use counts for'),
  field('recordCount', 'records that a release gave out'),
  { name: 'reason', meaning: 'of a denial, a step or a change', value: ({ told }) => told.reason ?? told.reasonCode },
  { name: 'record', meaning: 'what NDJSON has as record', value: ({ text }) => text },
];

/** What spreadsheets take for a formula, or skip to get at one (OWASP ASVS 1.2.10). */
const FORMULA = /^[=+\-@\t\r\n\0＝＋－＠]/;

/** A cell that is text whatever stands in it. */
export function csvCell(value: unknown): string {
  const text = value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  const doubled = text.includes('"') ? text.replaceAll('"', '""') : text;
  return `"${FORMULA.test(text) ? "'" : ''}${doubled}"`;
}

function csvLine(values: readonly unknown[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

export const csv: ExportForm = {
  contentType: 'text/csv; charset=utf-8; header=present',
  begin: () => csvLine(COLUMNS.map(({ name }) => name)),
  line: (fact, number) => {
    const text = toldBy(fact);
    const cell: Cell = { fact, number, kind: kindOf(fact), told: JSON.parse(text) as Told, text };
    return csvLine(COLUMNS.map(({ value }) => value(cell)));
  },
  end: ({ rows, sha256 }) => csvLine(COLUMNS.map(({ name }) => ({ number: rows, kind: 'end', record: sha256 })[name])),
};
