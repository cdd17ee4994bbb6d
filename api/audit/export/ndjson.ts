/** The evidential form: a JSON object a line (RFC 8259), the first one its head, the last one its end. */
import type { ExportForm } from './format.js';
import { kindOf, toldBy } from './told.js';

export const ndjson: ExportForm = {
  contentType: 'application/x-ndjson; charset=utf-8',
  begin: (head) => `${JSON.stringify(head)}\n`,
  // Put together as text: what it holds is JSON already, or has the closed form of a key or a hash.
  line: (fact, number) => {
    const time = new Date(fact.time).toISOString();
    const place = `"time":"${time}","block":${fact.block},"position":${fact.position},"transaction":"${fact.transaction_id}"`;
    return `{"number":${number},"kind":"${kindOf(fact)}",${place},"key":"${fact.key}","record":${toldBy(fact)}}\n`;
  },
  end: (end) => `${JSON.stringify(end)}\n`,
};
