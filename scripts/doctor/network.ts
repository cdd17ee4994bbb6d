/** The network of four provinces, from this machine: every hop of the way, the nearest first. */
import type { Settings } from '../../api/settings.js';
import { probePeers } from '../../network/fabric/probe.js';
import { type OpenedProfile, readProfile } from '../../network/fabric/profile.js';
import { openRemoteWallet } from '../../network/identity/signing/remote-wallet.js';
import { openWallet } from '../../network/identity/wallet.js';
import { REGISTRARS } from '../../network/registrars.js';
import { type Finding, fault } from './finding.js';
import { judgeAnswers } from './network-answers.js';
import { checkNames, checkTls, hopsOf } from './network-hops.js';

export interface NetworkOptions {
  readonly clock?: () => number;
}

type Asking = Pick<Settings, 'signerSocket'>;

/** As the home province's registrar, who runs its node. */
async function probe(profile: OpenedProfile, { signerSocket }: Asking, clock: () => number): Promise<Finding[]> {
  const { home, authorities, wallet: folder } = profile;
  const registrar = REGISTRARS.find(({ province }) => province === home.code);
  if (!registrar) return [];
  const remote = signerSocket === undefined ? undefined : openRemoteWallet(signerSocket);
  try {
    // The certificate that asks is dated by the machine's own clock: only the question's time is in doubt.
    const wallet = remote ?? openWallet({ folder, authorities, clock: Date.now });
    const signer = await wallet.signer({ ...registrar, roles: ['registrar'] });
    return judgeAnswers(await probePeers({ profile, signer, clock }));
  } catch (error) {
    const advice = 'Nobody can be asked without it: give the profile the authority of its home province, or SIGNER_SOCKET.';
    return [fault('identity', `there is no key of ${registrar.agencyId}: ${(error as Error).message}`, advice)];
  } finally {
    remote?.close();
  }
}

/** @param file a profile that can be read: the settings have been checked */
export async function checkNetwork(
  file: string,
  settings: Asking,
  { clock = Date.now }: NetworkOptions = {},
): Promise<Finding[]> {
  const profile = readProfile(file);
  const hops = hopsOf(profile);
  const [names, tls, answers] = await Promise.all([
    checkNames(hops),
    checkTls(hops, profile, clock()),
    probe(profile, settings, clock),
  ]);
  return [...names, ...tls, ...answers];
}
