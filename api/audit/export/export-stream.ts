/** An export as a stream of bytes: it reads on as its reader does, and stops when the reader goes away. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Store } from '../../store/store.js';
import type { Period } from '../period.js';
import { csv } from './csv.js';
import type { ExportForm, ExportHead } from './format.js';
import { ndjson } from './ndjson.js';
import { readFacts } from './read-facts.js';

export const EXPORT_FORMS: Readonly<Record<'ndjson' | 'csv', ExportForm>> = { ndjson, csv };

/** The end comes last and counts what came before it: a part of an export never looks like all of it. */
async function* bytesOf(store: Store, form: ExportForm, head: ExportHead, period: Period): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  const hashed = (text: string) => {
    const bytes = Buffer.from(text);
    hash.update(bytes);
    return bytes;
  };
  let rows = 0;
  yield hashed(form.begin(head));
  for await (const facts of readFacts(store, period, head.block)) {
    let text = '';
    for (const fact of facts) text += form.line(fact, ++rows);
    yield hashed(text);
  }
  yield Buffer.from(form.end({ rows, sha256: hash.digest('hex') }));
}

export function exportStream(store: Store, form: ExportForm, head: ExportHead, period: Period): Readable {
  return Readable.from(bytesOf(store, form, head, period), { objectMode: false });
}
