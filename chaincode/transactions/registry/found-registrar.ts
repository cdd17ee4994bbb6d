/**
 * Genesis: each province's first registrar enters itself, once, from its own certificate. It runs
 * outside `execute`, which asks for an agency on the ledger; the founder key makes it unrepeatable.
 */
import canonicalize from 'canonicalize';
import type { Context } from 'fabric-contract-api';
import { Refusal } from '../../errors.js';
import { decodeArgument } from '../../runtime/argument.js';
import { credentials } from '../../runtime/caller.js';
import { transactionTime } from '../../runtime/execute.js';
import { check } from '../../schemas/check.js';
import { AgencyId, Closed } from '../../schemas/primitives.js';
import { key } from '../../state/keys.js';
import { State } from '../../state/state.js';
import type { AgencyRecord } from './agency.js';

export async function foundRegistrar(ctx: Context, argument: string): Promise<string> {
  decodeArgument(argument);
  const { agencyId, province, roles, keyDigest } = credentials(ctx.clientIdentity);
  if (!roles.includes('registrar')) throw new Refusal('auth.role');
  check(Closed({ agencyId: AgencyId }), { agencyId });
  const state = new State(ctx.stub);
  const founder = key('founder', province.code);
  if (await state.get(founder)) throw new Refusal('agency.exists', { id: agencyId });
  if (await state.get(key('agency', agencyId))) throw new Refusal('agency.exists', { id: agencyId });
  const record: AgencyRecord = {
    agencyId,
    name: { zh: `${province.name.zh}数据局`, en: `${province.name.en} Data Administration` },
    divisionCode: province.code,
    province: province.code,
    kind: 'department',
    roles: ['registrar'],
    status: 'active',
    keyDigest,
    recordedAt: transactionTime(ctx),
  };
  state.put(founder, { agencyId });
  state.put(key('agency', agencyId), record);
  await state.flush();
  return canonicalize(record) as string;
}
