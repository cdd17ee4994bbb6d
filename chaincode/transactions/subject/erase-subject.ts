import { defineTransaction } from '../../runtime/definition.js';
import { ensure, recordedAt } from '../../runtime/tx.js';
import { Subject } from '../../schemas/primitives.js';
import { key } from '../../state/keys.js';

/** That the salt of a handle was erased: a restored vault reads it and erases the salt again. */
export interface SubjectRecord {
  readonly subject: string;
  readonly erased: true;
  /** who recorded it */
  readonly agency: string;
  readonly province: string;
  readonly recordedAt: string;
}

/**
 * Once an agency. The ledger does not know who made a handle (that would link matters), so a stranger
 * may record an erasure too: it binds no vault but the stranger's own, and, under a key of its own, neither
 * stands in the maker's way nor makes the maker's record longer.
 */
export const eraseSubject = defineTransaction({
  contract: 'subject',
  name: 'EraseSubject',
  roles: ['case-handler', 'certificate-issuer', 'data-user'],
  path: { subject: Subject },
  body: {},
  async apply(tx, { subject }) {
    const { agencyId, province } = tx.caller;
    const erasure = key('subject', subject, agencyId);
    ensure((await tx.state.get(erasure)) === undefined, 'subject.state', { state: 'erased' });
    const record: SubjectRecord = {
      subject,
      erased: true,
      agency: agencyId,
      province: province.code,
      recordedAt: recordedAt(tx),
    };
    tx.state.put(erasure, record);
    return { ...record };
  },
});
