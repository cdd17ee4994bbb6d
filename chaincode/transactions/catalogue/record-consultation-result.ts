import { defineTransaction } from '../../runtime/definition.js';
import { ensure, recordedAt } from '../../runtime/tx.js';
import { Count, Digest } from '../../schemas/primitives.js';
import { isBefore } from '../../time.js';
import { VERSION_PATH } from './catalogue-head.js';
import { type CatalogueVersionRecord, loadVersion, versionKey } from './catalogue-version.js';

/** By an editor of the proposer's province, once the consultation has closed: what was adopted, what not. */
export const recordConsultationResult = defineTransaction({
  contract: 'catalogue',
  name: 'RecordConsultationResult',
  roles: ['catalogue-editor'],
  path: VERSION_PATH,
  body: { adopted: Count, notAdopted: Count, summaryDigest: Digest },
  async apply(tx, { kind, code, version, ...result }) {
    const before = await loadVersion(tx, kind, code, version);
    const { consultation, status } = before;
    ensure(before.province === tx.caller.province.code, 'auth.agency');
    ensure(status === 'consultation' && consultation !== undefined, 'catalogue.state', { state: status });
    ensure(!isBefore(tx.time, consultation.closesAt), 'catalogue.state', { state: status });
    const time = recordedAt(tx, before);
    const record: CatalogueVersionRecord = {
      ...before,
      status: 'consulted',
      consultation: { ...consultation, result: { ...result, recordedAt: time } },
      recordedAt: time,
    };
    tx.state.put(versionKey(kind, code, version), record);
    return { ...record };
  },
});
