/**
 * The keys that this operator holds for agencies. An agency's first key is made once and kept, others are made
 * beside it; which of them is in force the ledger says. A key's certificate is issued again when the ledger's roles
 * differ from it or when it runs out.
 */

import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isCreditCode } from '../../chaincode/identifiers/credit-code.js';
import { PROVINCES, type ProvinceCode, provinceOf } from '../../chaincode/provinces.js';
import type { Role } from '../../chaincode/roles.js';
import { AGENCY_ATTRIBUTE, ROLES_ATTRIBUTE } from '../../chaincode/runtime/caller.js';
import { type AuthorityMaterial, attributesOf, generateKeyPair, issueCertificate, keyDigestOf } from './authority.js';
import { checkKeyOf, keyPairIn, syncFolder, writeWhole } from './files.js';
import { localSigner, type Signer } from './signer.js';

export interface WalletAgency {
  readonly agencyId: string;
  readonly province: ProvinceCode;
  readonly roles: readonly Role[];
  /** the digest of the key that the ledger has of it; its first key where not given */
  readonly keyDigest?: string;
}

export interface Wallet {
  /** The digest of the agency's first public key; the key is made when there is none. @throws DataFolderRefused when it is lost */
  keyDigest(agencyId: string, province: ProvinceCode): Promise<string>;
  /** Makes the agency another key beside those it has. @returns the digest of the public key */
  anotherKey(agencyId: string, province: ProvinceCode): Promise<string>;
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
  readonly renewAt: number;
  readonly signer: Signer;
}

const DAY = 86_400_000;
const CERTIFICATE_DAYS = 365;
const RENEW_DAYS_BEFORE = 30;
const REMEMBERED = 1024;
/** a digest of a public key */
const HASH = /^[0-9a-f]{64}$/;

class FileWallet implements Wallet {
  readonly #deps: WalletDeps;
  /** by agency and key */
  readonly #held = new Map<string, Held>();
  /** one at a time for an agency: two first uses at once must not make two keys */
  readonly #running = new Map<string, Promise<unknown>>();

  constructor(deps: WalletDeps) {
    this.#deps = deps;
  }

  #folder(agencyId: string, province: ProvinceCode): string {
    return agencyFolder(this.#deps.folder, agencyId, province);
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

  async anotherKey(agencyId: string, province: ProvinceCode): Promise<string> {
    const folder = this.#folder(agencyId, province);
    const keys = await generateKeyPair();
    const digest = keyDigestOf(keys.publicKey);
    writeWhole(join(folder, digest, 'key.pem'), keys.privateKey, 0o600);
    syncFolder(folder);
    return digest;
  }

  async signer(agency: WalletAgency): Promise<Signer> {
    const roles = [...agency.roles].sort().join(',');
    const name = heldName(agency.agencyId, agency.keyDigest);
    const held = this.#held.get(name);
    if (held && held.roles === roles && this.#deps.clock() < held.renewAt) return held.signer;
    const opened = await this.#alone(agency.agencyId, () => this.#open(agency, roles));
    if (this.#held.size >= REMEMBERED) this.#held.delete(this.#held.keys().next().value as string);
    this.#held.set(name, opened);
    return opened.signer;
  }

  async #open({ agencyId, province, keyDigest }: WalletAgency, roles: string): Promise<Held> {
    const folder = keyFolder(this.#folder(agencyId, province), keyDigest);
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
    return { roles, renewAt: renewalOf(certificate), signer };
  }

  async holds(agencyId: string, keyDigest: string): Promise<boolean> {
    if (!HASH.test(keyDigest) || !isCreditCode(agencyId)) return false;
    if (this.#held.has(heldName(agencyId, keyDigest))) return true;
    // A registration that was refused leaves a key that is nobody's.
    for (const { code } of PROVINCES)
      if (await hasKey(keyFolder(this.#folder(agencyId, code), keyDigest), keyDigest)) return true;
    return false;
  }
}

function heldName(agencyId: string, keyDigest = ''): string {
  return `${agencyId}/${keyDigest}`;
}

/** An agency's folder in a wallet: its first key and certificate, and one folder more for each later key. */
function agencyFolder(wallet: string, agencyId: string, province: ProvinceCode): string {
  if (!isCreditCode(agencyId)) throw new Error(`not an agency id: ${JSON.stringify(agencyId)}`);
  return join(wallet, 'identities', provinceOf(province).mspId, agencyId);
}

/** Where one key is, of a digest that may be anything: a folder of its own, named by the digest, where there is one. */
function keyFolder(agency: string, keyDigest: string | undefined): string {
  if (keyDigest === undefined || !HASH.test(keyDigest)) return agency;
  const own = join(agency, keyDigest);
  return existsSync(own) ? own : agency;
}

/** Where a wallet keeps the key and certificate that an agency signs with. */
export function identityFolder(wallet: string, { agencyId, province, keyDigest }: Omit<WalletAgency, 'roles'>): string {
  return keyFolder(agencyFolder(wallet, agencyId, province), keyDigest);
}

/** The certificates that a wallet has for an agency, the first key's and those of later ones. */
export function certificateFiles(wallet: string, { agencyId, province }: Omit<WalletAgency, 'roles'>): string[] {
  const own = agencyFolder(wallet, agencyId, province);
  if (!existsSync(own)) return [];
  const folders = [own, ...readdirSync(own).map((name) => join(own, name))];
  return folders.map((folder) => join(folder, 'certificate.pem')).filter((file) => existsSync(file));
}

async function hasKey(folder: string, keyDigest: string): Promise<boolean> {
  return existsSync(join(folder, 'key.pem')) && keyDigestOf((await keyPairIn(folder)).publicKey) === keyDigest;
}

function renewalOf(certificate: string): number {
  return new X509Certificate(certificate).validToDate.getTime() - RENEW_DAYS_BEFORE * DAY;
}

function serves(certificate: string, roles: string, now: number): boolean {
  return attributesOf(certificate)[ROLES_ATTRIBUTE] === roles && now < renewalOf(certificate);
}

/** A wallet over files in `DATA_DIR/identities/<MSP>/<agencyId>/[<key digest>/]`, private keys for their owner's eyes only. */
export function openWallet(deps: WalletDeps): Wallet {
  return new FileWallet(deps);
}
