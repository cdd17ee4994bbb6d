/**
 * The keys that this operator holds for agencies. An agency's key is made once and kept; its certificate
 * is issued again under the same key when the ledger's roles differ from it or when it runs out.
 */

import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isCreditCode } from '../../chaincode/identifiers/credit-code.js';
import { PROVINCES, type ProvinceCode, provinceOf } from '../../chaincode/provinces.js';
import type { Role } from '../../chaincode/roles.js';
import { AGENCY_ATTRIBUTE, ROLES_ATTRIBUTE } from '../../chaincode/runtime/caller.js';
import { type AuthorityMaterial, attributesOf, issueCertificate, keyDigestOf } from './authority.js';
import { checkKeyOf, keyPairIn, writeWhole } from './files.js';
import { localSigner, type Signer } from './signer.js';

export interface WalletAgency {
  readonly agencyId: string;
  readonly province: ProvinceCode;
  readonly roles: readonly Role[];
}

export interface Wallet {
  /** The digest of the agency's public key; the key is made when there is none. @throws DataFolderRefused when it is lost */
  keyDigest(agencyId: string, province: ProvinceCode): Promise<string>;
  /** Who signs for the agency, with a certificate that states these roles. @throws DataFolderRefused as above, or when key and certificate do not belong together */
  signer(agency: WalletAgency): Promise<Signer>;
  /** Whether this wallet has the agency's key, by the digest that the ledger has of it; one that came with its own certificate signs elsewhere. */
  holds(agencyId: string, keyDigest: string): Promise<boolean>;
}

interface WalletDeps {
  /** DATA_DIR */
  readonly folder: string;
  readonly authorities: ReadonlyMap<ProvinceCode, AuthorityMaterial>;
  readonly clock: () => number;
}

interface Held {
  readonly roles: string;
  readonly keyDigest: string;
  readonly renewAt: number;
  readonly signer: Signer;
}

const DAY = 86_400_000;
const CERTIFICATE_DAYS = 365;
const RENEW_DAYS_BEFORE = 30;
const REMEMBERED = 1024;

class FileWallet implements Wallet {
  readonly #deps: WalletDeps;
  readonly #held = new Map<string, Held>();
  /** one at a time for an agency: two first uses at once must not make two keys */
  readonly #running = new Map<string, Promise<unknown>>();

  constructor(deps: WalletDeps) {
    this.#deps = deps;
  }

  #folder(agencyId: string, province: ProvinceCode): string {
    if (!isCreditCode(agencyId)) throw new Error(`not an agency id: ${JSON.stringify(agencyId)}`);
    return join(this.#deps.folder, 'identities', provinceOf(province).mspId, agencyId);
  }

  async #alone<T>(agencyId: string, work: () => Promise<T>): Promise<T> {
    const before = this.#running.get(agencyId) ?? Promise.resolve();
    const run = before.then(work, work);
    this.#running.set(agencyId, run);
    try {
      return await run;
    } finally {
      if (this.#running.get(agencyId) === run) this.#running.delete(agencyId);
    }
  }

  keyDigest(agencyId: string, province: ProvinceCode): Promise<string> {
    return this.#alone(agencyId, async () => keyDigestOf((await keyPairIn(this.#folder(agencyId, province))).publicKey));
  }

  async signer(agency: WalletAgency): Promise<Signer> {
    const roles = [...agency.roles].sort().join(',');
    const held = this.#held.get(agency.agencyId);
    if (held && held.roles === roles && this.#deps.clock() < held.renewAt) return held.signer;
    const opened = await this.#alone(agency.agencyId, () => this.#open(agency, roles));
    if (this.#held.size >= REMEMBERED) this.#held.delete(this.#held.keys().next().value as string);
    this.#held.set(agency.agencyId, opened);
    return opened.signer;
  }

  async #open({ agencyId, province }: WalletAgency, roles: string): Promise<Held> {
    const folder = this.#folder(agencyId, province);
    const keys = await keyPairIn(folder);
    const file = join(folder, 'certificate.pem');
    // Of another key there is no new certificate: the ledger knows the agency by the key it had.
    if (existsSync(file)) checkKeyOf(folder);
    if (!existsSync(file) || !serves(readFileSync(file, 'utf8'), roles, this.#deps.clock())) {
      const authority = this.#deps.authorities.get(province);
      if (!authority) throw new Error(`no authority of ${province} here`);
      const request = {
        commonName: agencyId,
        unit: 'client' as const,
        publicKey: keys.publicKey,
        attributes: { [AGENCY_ATTRIBUTE]: agencyId, [ROLES_ATTRIBUTE]: roles },
        days: CERTIFICATE_DAYS,
        now: this.#deps.clock(),
      };
      writeWhole(file, await issueCertificate(authority, request), 0o644);
    }
    const certificate = readFileSync(file, 'utf8');
    const signer = localSigner(provinceOf(province).mspId, certificate, keys.privateKey);
    return { roles, keyDigest: keyDigestOf(keys.publicKey), renewAt: renewalOf(certificate), signer };
  }

  async holds(agencyId: string, keyDigest: string): Promise<boolean> {
    const held = this.#held.get(agencyId);
    if (held) return held.keyDigest === keyDigest;
    if (!isCreditCode(agencyId)) return false;
    // A registration that was refused leaves a key that is nobody's.
    for (const { code } of PROVINCES) {
      const folder = this.#folder(agencyId, code);
      if (existsSync(join(folder, 'key.pem')) && keyDigestOf((await keyPairIn(folder)).publicKey) === keyDigest) return true;
    }
    return false;
  }
}

function renewalOf(certificate: string): number {
  return new X509Certificate(certificate).validToDate.getTime() - RENEW_DAYS_BEFORE * DAY;
}

function serves(certificate: string, roles: string, now: number): boolean {
  return attributesOf(certificate)[ROLES_ATTRIBUTE] === roles && now < renewalOf(certificate);
}

/** A wallet over files in `DATA_DIR/identities/<MSP>/<agencyId>/`, private keys for their owner's eyes only. */
export function openWallet(deps: WalletDeps): Wallet {
  return new FileWallet(deps);
}
