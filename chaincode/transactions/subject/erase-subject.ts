import { defineTransaction } from '../../runtime/definition.js';
import { ensure, recordedAt } from '../../runtime/tx.js';
import { Subject } from '../../schemas/primitives.js';
import { key } from '../../state/keys.js';

/** That the salt of a handle was erased: a restored vault reads it and erases the salt again. */
export interface SubjectRecord {
  readonly subject: string;
  readonly erased: true;
  /** the agency of the latest erasure */
  readonly agency: string;
  readonly province: string;
  /** every agency that recorded one */
  readonly erasedBy: readonly string[];
  readonly recordedAt: string;
}

/**
 * Once an agency. The ledger does not know who made a handle (that would link matters), so a stranger
 * may record an erasure too: it binds no vault but the stranger's own, and does not stand in the maker's way.
 */
export const eraseSubject = defineTransaction({
  contract: 'subject',
  name: 'EraseSubject',
  roles: ['case-handler', 'certificate-issuer', 'data-user'],
  path: { subject: Subject },
  body: {},
  async apply(tx, { subject }) {
    const { agencyId, province } = tx.caller;
    const before = await tx.state.get<SubjectRecord>(key('subject', subject));
    const erasedBy = before?.erasedBy ?? [];
    ensure(!erasedBy.includes(agencyId), 'subject.state', { state: 'erased' });
    const record: SubjectRecord = {
      subject,
      erased: true,
      agency: agencyId,
      province: province.code,
      erasedBy: [...erasedBy, agencyId],
      recordedAt: recordedAt(tx, before),
    };
    tx.state.put(key('subject', subject), record);
    return { ...record };
  },
});
