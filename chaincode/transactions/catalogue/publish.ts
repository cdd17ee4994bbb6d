/** What the fourth approval does: the version is published, the earlier published one is superseded. */
import { recordedAt, type Tx } from '../../runtime/tx.js';
import { type CatalogueHeadRecord, headKey } from './catalogue-head.js';
import { type CatalogueVersionRecord, loadVersion, versionKey } from './catalogue-version.js';
import { recordEdition } from './edition.js';

/** @returns the version as published; cases and grants under the superseded one go on under it */
export async function publish(
  tx: Tx,
  approved: CatalogueVersionRecord,
  head: CatalogueHeadRecord,
): Promise<CatalogueVersionRecord> {
  const { kind, code, version } = approved;
  if (head.published !== undefined) {
    const earlier = await loadVersion(tx, kind, code, head.published);
    const superseded: CatalogueVersionRecord = { ...earlier, status: 'superseded', recordedAt: recordedAt(tx, earlier) };
    tx.state.put(versionKey(kind, code, earlier.version), superseded);
  }
  const published: CatalogueVersionRecord = { ...approved, status: 'published', publishedAt: approved.recordedAt };
  tx.state.put(headKey(kind, code), { ...head, published: version, recordedAt: recordedAt(tx, head) });
  await recordEdition(tx, 'publish', published, head.published);
  return published;
}
