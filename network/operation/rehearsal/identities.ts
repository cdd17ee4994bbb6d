/** Runbook: an agency's identity, from its registration to its end. */
import { createHash, X509Certificate } from 'node:crypto';
import { networkWallet, registrarOf } from '../as-agency.js';
import { revokeAgency } from '../revoke.js';
import { keptBack, sendLate } from './kept-back.js';
import type { Stage } from './stage.js';

const instrument = (code: string) => ({
  code,
  title: { zh: '规定' },
  issuer: '演练',
  effectiveFrom: '2026-01-01T00:00:00Z',
  digest: { alg: 'sha-256', value: '0'.repeat(64) },
});

export async function rehearseIdentities(stage: Stage): Promise<void> {
  stage.begin('identities');
  const [, jiangsu, zhejiang] = stage.members;
  const registrar = registrarOf(jiangsu);
  const deputy = await stage.agency(jiangsu, ['registrar']);
  const own = (name: string) => `rehearsal-${deputy.agencyId.slice(9)}-${name}`;
  await stage.check('the record of a registered agency holds the digest of its certificate’s key', async () => {
    const { certificate } = await networkWallet(stage.network).signer({ ...deputy, province: '320000' });
    const spki = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
    return (await stage.record(zhejiang, deputy.agencyId))?.keyDigest === createHash('sha256').update(spki).digest('hex');
  });
  await stage.check(
    'the agency writes',
    async () => !(await stage.write(deputy, 'registry:RegisterInstrument', instrument(own('a')))),
  );
  const withKey = async (keyDigest: string) =>
    stage.write(registrar, 'registry:ReplaceAgencyKey', { agencyId: deputy.agencyId, reason: 'rehearsal', keyDigest });
  const { keyDigest } = (await stage.record(zhejiang, deputy.agencyId)) as { keyDigest: string };
  await stage.check('its key is replaced, and it writes with the new one', async () => {
    if (await withKey(await networkWallet(stage.network).anotherKey(deputy.agencyId, '320000'))) return false;
    return !(await stage.write(deputy, 'registry:RegisterInstrument', instrument(own('k'))));
  });
  await stage.check('the key it had is refused by the contracts: auth.invalid', async () =>
    (await stage.write({ ...deputy, keyDigest }, 'registry:RegisterInstrument', instrument(own('o')))).includes('auth.invalid'),
  );
  const over = { agencyId: deputy.agencyId, reason: 'rehearsal' };
  await stage.check('it is deactivated', async () => !(await stage.write(registrar, 'registry:DeactivateAgency', over)));
  await stage.check('its next transaction is refused by the contracts: auth.invalid', async () =>
    (await stage.write(deputy, 'registry:RegisterInstrument', instrument(own('b')))).includes('auth.invalid'),
  );
  await stage.write(registrar, 'registry:ReactivateAgency', over);
  const { keyDigest: present } = (await stage.record(zhejiang, deputy.agencyId)) as { keyDigest: string };
  const endorsed = (name: string) =>
    keptBack(stage, { ...deputy, keyDigest: present }, 'registry:RegisterInstrument', instrument(own(name)));
  const late = [await endorsed('f'), await endorsed('g')] as const;
  await stage.check('what was endorsed and kept back is ordered when it is sent', async () => {
    return (await sendLate(stage, late[0])) === 'valid';
  });
  await stage.check('its certificates are revoked in the channel’s configuration, on four peers', async () => {
    await revokeAgency(stage.network, deputy.agencyId);
  });
  await stage.check('peers refuse its proposals, though its record is active again', async () => {
    const said = await stage.write(deputy, 'registry:RegisterInstrument', instrument(own('c')));
    return /access denied|certificate has been revoked/.test(said) && !said.includes('auth.invalid');
  });
  await stage.check('orderers refuse what was endorsed before and is sent now', async () => {
    return /is given up: the orderers refuse it for good \((.*FORBIDDEN.*){3}\)/.test(await sendLate(stage, late[1]));
  });
  await stage.check('with another key, certified anew, it writes again', async () => {
    if (await withKey(await networkWallet(stage.network).anotherKey(deputy.agencyId, '320000'))) return false;
    return !(await stage.write(deputy, 'registry:RegisterInstrument', instrument(own('e'))));
  });
  await stage.check(
    'others of the province write as before',
    async () => !(await stage.write(registrar, 'registry:RegisterInstrument', instrument(own('d')))),
  );
}
