import { defineTransaction } from '../../runtime/definition.js';
import { ensure, recordedAt } from '../../runtime/tx.js';
import { Digest, Time } from '../../schemas/primitives.js';
import { refuseField } from '../../schemas/refuse-field.js';
import { isBefore } from '../../time.js';
import { VERSION_PATH } from './catalogue-head.js';
import { type CatalogueVersionRecord, loadVersion, versionKey } from './catalogue-version.js';

/**
 * By an editor of the proposer's province: a stranger could hold a draft up with a date far off. The
 * times are declared, a consultation held before it was entered included; `openedAt` says when it was.
 */
export const openConsultation = defineTransaction({
  contract: 'catalogue',
  name: 'OpenConsultation',
  roles: ['catalogue-editor'],
  path: VERSION_PATH,
  body: { opensAt: Time, closesAt: Time, noticeDigest: Digest },
  async apply(tx, { kind, code, version, opensAt, closesAt, noticeDigest }) {
    if (isBefore(closesAt, opensAt)) refuseField('/closesAt', 'must not lie before opensAt');
    const before = await loadVersion(tx, kind, code, version);
    ensure(before.province === tx.caller.province.code, 'auth.agency');
    ensure(before.status === 'draft' && before.votes.length === 0, 'catalogue.state', { state: before.status });
    const time = recordedAt(tx, before);
    const record: CatalogueVersionRecord = {
      ...before,
      status: 'consultation',
      consultation: { opensAt, closesAt, noticeDigest, openedAt: time },
      recordedAt: time,
    };
    tx.state.put(versionKey(kind, code, version), record);
    return { ...record };
  },
});
