import { defineTransaction } from '../../runtime/definition.js';
import { ensure, recordedAt } from '../../runtime/tx.js';
import { VERSION_PATH } from './catalogue-head.js';
import { type CatalogueVersionRecord, ensureResponsible, loadVersion, versionKey } from './catalogue-version.js';
import { recordEdition } from './edition.js';

/** In an emergency, by one responsible agency alone: nothing new is made under the entry until it is resumed. */
export const suspendEntry = defineTransaction({
  contract: 'catalogue',
  name: 'SuspendEntry',
  roles: 'any',
  path: VERSION_PATH,
  body: {},
  async apply(tx, { kind, code, version }) {
    const before = await loadVersion(tx, kind, code, version);
    ensureResponsible(tx, before);
    ensure(before.status === 'published', 'catalogue.state', { state: before.status });
    const time = recordedAt(tx, before);
    const record: CatalogueVersionRecord = {
      ...before,
      status: 'suspended',
      suspension: { province: tx.caller.province.code, agency: tx.caller.agencyId, time, transaction: tx.id },
      recordedAt: time,
    };
    tx.state.put(versionKey(kind, code, version), record);
    await recordEdition(tx, 'suspend', record);
    return { ...record };
  },
});
