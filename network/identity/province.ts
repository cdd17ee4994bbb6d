/**
 * The identities of one province in the embedded ledger: its certificate authority, its peer and its
 * orderer. Made at the first start, then read: `authorities/<MSP>/{ca,peer,orderer}/{key,certificate}.pem`.
 */
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Province } from '../../chaincode/provinces.js';
import { DataFolderRefused } from '../errors.js';
import { encodeIdentity } from '../format/identity.js';
import { type AuthorityMaterial, createAuthority, issueCertificate } from './authority.js';
import { checkKeyOf, keyPairIn, readAuthority, writeWhole } from './files.js';
import { localSigner, type Signer } from './signer.js';

const NODE_CERTIFICATE_DAYS = 3640;
/** One operator holds all keys made here; no receipt under such roots can be taken for four provinces'. */
const SINGLE_OPERATOR = 'single-operator';

/** A peer or an orderer: it signs, and everybody knows its serialized identity. */
export interface NetworkNode extends Signer {
  /** protobuf `SerializedIdentity` */
  readonly identity: Buffer;
}

export interface ProvinceIdentities {
  readonly province: Province;
  readonly authority: AuthorityMaterial;
  readonly peer: NetworkNode;
  readonly orderer: NetworkNode;
}

async function openAuthority(folder: string, province: Province, now: number, make: boolean): Promise<AuthorityMaterial> {
  const certificateFile = join(folder, 'certificate.pem');
  if (!make || existsSync(certificateFile)) return readAuthority(folder, province.mspId);
  const authority = await createAuthority(province.mspId, province.slug, now, SINGLE_OPERATOR);
  writeWhole(join(folder, 'key.pem'), authority.privateKey, 0o600);
  writeWhole(certificateFile, authority.certificate, 0o644);
  return authority;
}

async function makeNode(folder: string, unit: 'peer' | 'orderer', authority: AuthorityMaterial, slug: string, now: number) {
  const { publicKey } = await keyPairIn(folder);
  const request = { commonName: `${unit}.${slug}`, unit, publicKey, days: NODE_CERTIFICATE_DAYS, now };
  writeWhole(join(folder, 'certificate.pem'), await issueCertificate(authority, request), 0o644);
}

function readNode(folder: string, authority: AuthorityMaterial): NetworkNode {
  checkKeyOf(folder);
  const certificate = readFileSync(join(folder, 'certificate.pem'), 'utf8');
  if (!new X509Certificate(certificate).verify(new X509Certificate(authority.certificate).publicKey))
    throw new DataFolderRefused('damaged', `${folder} is not of ${authority.mspId}'s authority: restore it from a backup`);
  const signer = localSigner(authority.mspId, certificate, readFileSync(join(folder, 'key.pem'), 'utf8'));
  return { ...signer, identity: encodeIdentity({ mspId: authority.mspId, certificate }) };
}

/**
 * Opens a province's identities. `folder` is DATA_DIR. Authority, peer and orderer are made only when
 * `make` is set: on a ledger that has blocks, others would be strangers.
 * @throws DataFolderRefused when one is not there and is not to be made, or its key is not its certificate's
 */
export async function openProvince(folder: string, province: Province, now: number, make: boolean): Promise<ProvinceIdentities> {
  const own = join(folder, 'authorities', province.mspId);
  const authority = await openAuthority(join(own, 'ca'), province, now, make);
  const open = async (unit: 'peer' | 'orderer') => {
    const node = join(own, unit);
    if (make && !existsSync(join(node, 'certificate.pem'))) await makeNode(node, unit, authority, province.slug, now);
    return readNode(node, authority);
  };
  return { province, authority, peer: await open('peer'), orderer: await open('orderer') };
}
