/**
 * Whether a data set is still shared. A grant outlives the version it was made under when a newer one
 * takes its place, unless the data are withheld from then on; a suspended or withdrawn data set is not
 * shared under any version.
 */
import type { Tx } from '../../runtime/tx.js';
import { type CatalogueHeadRecord, headKey } from '../catalogue/catalogue-head.js';
import { type CatalogueVersionRecord, versionKey } from '../catalogue/catalogue-version.js';

function stateOfVersion(tx: Tx, code: string, version: number): Promise<CatalogueVersionRecord<'data-sets'> | undefined> {
  return tx.state.get(versionKey('data-sets', code, version));
}

export async function isShareable(tx: Tx, dataSet: string, version: number): Promise<boolean> {
  const granted = await stateOfVersion(tx, dataSet, version);
  if (granted?.status !== 'superseded') return granted?.status === 'published';
  const head = await tx.state.get<CatalogueHeadRecord>(headKey('data-sets', dataSet));
  const current = head?.published === undefined ? undefined : await stateOfVersion(tx, dataSet, head.published);
  return current?.status === 'published' && current.content.shareClass !== 'withheld';
}
