/** A centre's partner 合作单位: proposed by the centre's side, in force once the partner has accepted. */
import { ensure, load, recordedAt, type Tx } from '../../runtime/tx.js';
import { key } from '../../state/keys.js';

export interface PartnerRecord {
  readonly centreId: string;
  readonly partner: string;
  readonly status: 'proposed' | 'accepted' | 'withdrawn';
  readonly proposedBy: string;
  readonly recordedAt: string;
}

export function partnerKey(centreId: string, partner: string): string {
  return key('partner', centreId, partner);
}

/**
 * The partner's own step from one of some states to another.
 * @throws Refusal `partner.not-found`, `auth.agency` for anybody but the partner, `partner.state`
 */
export async function movePartner(
  tx: Tx,
  { centreId, partner }: { readonly centreId: string; readonly partner: string },
  from: readonly PartnerRecord['status'][],
  status: PartnerRecord['status'],
): Promise<PartnerRecord> {
  const stateKey = partnerKey(centreId, partner);
  const before = await load<PartnerRecord>(tx, stateKey, 'partner.not-found', partner);
  ensure(tx.caller.agencyId === partner, 'auth.agency');
  ensure(from.includes(before.status), 'partner.state', { state: before.status });
  const record: PartnerRecord = { ...before, status, recordedAt: recordedAt(tx, before) };
  tx.state.put(stateKey, record);
  return record;
}
