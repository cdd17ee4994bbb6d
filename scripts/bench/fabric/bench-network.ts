/** A network of a benchmark's own in a temporary folder, the adapter on it, and one registered issuer. */
import { join } from 'node:path';
import { openSqliteStore } from '../../../api/store/store.js';
import { storeOutbox } from '../../../api/submission/outbox.js';
import { encodeArgument } from '../../../chaincode/runtime/argument.js';
import { type Fabric, openFabric } from '../../../network/fabric/open.js';
import type { Signer } from '../../../network/identity/signer.js';
import { temporaryNetwork } from '../../../network/operation/temporary-network.js';
import { REGISTRARS } from '../../../network/registrars.js';
import { ISSUER } from '../certificate-body.js';
import { type BenchAgency, benchAgency } from './bench-agency.js';
import type { WriteClient } from './drive.js';

export const BENCH_PORT = 18_450;
const PROVINCE = '310000';
const ROLES = ['certificate-issuer'] as const;

export interface BenchNetwork {
  readonly root: string;
  readonly profileFile: string;
  readonly fabric: Fabric;
  readonly issuer: Signer;
  readonly agency: BenchAgency;
  end(): Promise<void>;
}

async function register({ ledger, wallet }: Fabric): Promise<Signer> {
  const registrar = REGISTRARS.find(({ province }) => province === PROVINCE);
  const signer = await wallet.signer({ agencyId: registrar?.agencyId ?? '', province: PROVINCE, roles: ['registrar'] });
  const keyDigest = await wallet.keyDigest(ISSUER, PROVINCE);
  const name = { zh: '基准测试发证机构' };
  const input = { agencyId: ISSUER, name, divisionCode: PROVINCE, kind: 'department', roles: ROLES, keyDigest };
  const argument = encodeArgument({ operation: 'bench-registers-its-issuer', input });
  await ledger.submit({ signer, function: 'registry:RegisterAgency', argument });
  return wallet.signer({ agencyId: ISSUER, province: PROVINCE, roles: ROLES });
}

export async function openBenchNetwork(): Promise<BenchNetwork> {
  const progress = (step: string) => process.stderr.write(`  ${step}\n`);
  const { root, remove } = await temporaryNetwork('delta-bench-network-', BENCH_PORT, progress);
  try {
    const profileFile = join(root, 'profiles/development.json');
    const store = await openSqliteStore(join(root, '..', 'store.db'));
    const fabric = await openFabric({ profileFile, outbox: await storeOutbox(store) });
    const issuer = await register(fabric);
    const end = async () => {
      await fabric.ledger.close();
      await store.close();
      await remove();
    };
    return { root, profileFile, fabric, issuer, agency: benchAgency(profileFile, ISSUER, PROVINCE), end };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Ours: the ledger port as the API uses it, each envelope on the disk before it is sent. */
export function adapterClient({ fabric, issuer }: BenchNetwork): WriteClient {
  return {
    write: async (argument) => {
      await fabric.ledger.submit({ signer: issuer, function: 'certificate:IssueCertificate', argument });
    },
    close: async () => {},
  };
}
