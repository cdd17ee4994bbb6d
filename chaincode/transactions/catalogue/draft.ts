/** Enters content as the next version of its code. */
import { hashJson } from '../../runtime/argument.js';
import type { Answer } from '../../runtime/definition.js';
import { recordedAt, type Tx } from '../../runtime/tx.js';
import { type CatalogueHeadRecord, headKey } from './catalogue-head.js';
import { type CatalogueKind, type CatalogueVersionRecord, type ContentOf, versionKey } from './catalogue-version.js';

export async function draft<K extends CatalogueKind>(tx: Tx, kind: K, content: ContentOf[K]): Promise<Answer> {
  const { code } = content;
  const head = await tx.state.get<CatalogueHeadRecord>(headKey(kind, code));
  const version = (head?.latest ?? 0) + 1;
  const time = recordedAt(tx, head);
  const record: CatalogueVersionRecord<K> = {
    kind,
    code,
    version,
    province: tx.caller.province.code,
    proposer: tx.caller.agencyId,
    status: 'draft',
    content,
    contentDigest: hashJson(content),
    votes: [],
    recordedAt: time,
  };
  tx.state.put(versionKey(kind, code, version), record);
  tx.state.put(headKey(kind, code), { ...head, kind, code, latest: version, recordedAt: time } satisfies CatalogueHeadRecord);
  return { ...record };
}
