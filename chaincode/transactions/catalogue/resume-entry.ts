import { defineTransaction } from '../../runtime/definition.js';
import { ensure, recordedAt } from '../../runtime/tx.js';
import { VERSION_PATH } from './catalogue-head.js';
import { type CatalogueVersionRecord, ensureResponsible, loadVersion, versionKey } from './catalogue-version.js';
import { recordEdition } from './edition.js';

/** By any responsible agency alone; the suspension stays in the record's history. */
export const resumeEntry = defineTransaction({
  contract: 'catalogue',
  name: 'ResumeEntry',
  roles: 'any',
  path: VERSION_PATH,
  body: {},
  async apply(tx, { kind, code, version }) {
    const before = await loadVersion(tx, kind, code, version);
    ensureResponsible(tx, before);
    ensure(before.status === 'suspended', 'catalogue.state', { state: before.status });
    const { suspension: _ended, ...rest } = before;
    const record: CatalogueVersionRecord = { ...rest, status: 'published', recordedAt: recordedAt(tx, before) };
    tx.state.put(versionKey(kind, code, version), record);
    await recordEdition(tx, 'resume', record);
    return { ...record };
  },
});
