/** Who writes in the network's benchmarks: a registered issuer, with the key that the baselines sign with too. */
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** What a client of the home province's peer needs. */
export interface BenchAgency {
  readonly mspId: string;
  /** PEM */
  readonly certificate: string;
  /** PEM: only the baselines' libraries see it; the adapter signs through its signer */
  readonly privateKey: string;
  readonly home: Home;
}

export interface Home {
  readonly address: string;
  readonly tlsName: string;
  /** PEM */
  readonly tlsRoots: string;
}

interface ProfileFile {
  readonly wallet: string;
  readonly provinces: readonly {
    readonly code: string;
    readonly mspId: string;
    readonly tlsRoots: readonly string[];
    readonly peer: { readonly address: string; readonly tlsName: string };
  }[];
}

export function benchAgency(profileFile: string, agencyId: string, province: string): BenchAgency {
  const profile = JSON.parse(readFileSync(profileFile, 'utf8')) as ProfileFile;
  const path = (name: string) => resolve(dirname(profileFile), name);
  const own = profile.provinces.find(({ code }) => code === province);
  if (!own) throw new Error(`${profileFile} has no province ${province}`);
  const keys = join(path(profile.wallet), 'identities', own.mspId, agencyId);
  return {
    mspId: own.mspId,
    certificate: readFileSync(join(keys, 'certificate.pem'), 'utf8'),
    privateKey: readFileSync(join(keys, 'key.pem'), 'utf8'),
    home: { ...own.peer, tlsRoots: own.tlsRoots.map((file) => readFileSync(path(file), 'utf8')).join('') },
  };
}
