import { PROVINCES } from '../../provinces.js';
import { defineTransaction } from '../../runtime/definition.js';
import { ensure, recordedAt } from '../../runtime/tx.js';
import { headKey, loadHead, VERSION_PATH } from './catalogue-head.js';
import { type CatalogueVersionRecord, loadVersion, versionKey } from './catalogue-version.js';
import { recordEdition } from './edition.js';

/** A province's vote to take a published or suspended version off the list; the fourth one does it. */
export const withdrawEntry = defineTransaction({
  contract: 'catalogue',
  name: 'WithdrawEntry',
  roles: ['catalogue-editor'],
  path: VERSION_PATH,
  body: {},
  async apply(tx, { kind, code, version }) {
    const before = await loadVersion(tx, kind, code, version);
    const { agencyId, province } = tx.caller;
    const cast = before.withdrawalVotes ?? [];
    ensure(before.status === 'published' || before.status === 'suspended', 'catalogue.state', { state: before.status });
    ensure(!cast.some((vote) => vote.province === province.code), 'catalogue.voted', { id: province.code });
    const time = recordedAt(tx, before);
    const withdrawalVotes = [...cast, { province: province.code, agency: agencyId, time, transaction: tx.id }];
    const agreed = withdrawalVotes.length === PROVINCES.length;
    const status = agreed ? 'withdrawn' : before.status;
    const record: CatalogueVersionRecord = { ...before, status, withdrawalVotes, recordedAt: time };
    tx.state.put(versionKey(kind, code, version), record);
    if (agreed) {
      const { published: _gone, ...head } = await loadHead(tx, kind, code);
      tx.state.put(headKey(kind, code), { ...head, recordedAt: recordedAt(tx, head) });
      await recordEdition(tx, 'withdraw', record);
    }
    return { ...record };
  },
});
