/**
 * The identities of one province in the embedded ledger: its certificate authority, its peer and its
 * orderer. Made at the first start, then read: `authorities/<MSP>/{ca,peer,orderer}/{key,certificate}.pem`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Province } from '../../chaincode/provinces.js';
import { DataFolderRefused } from '../errors.js';
import { encodeIdentity } from '../format/identity.js';
import { type AuthorityMaterial, createAuthority, issueCertificate } from './authority.js';
import { keyPairIn, writeWhole } from './files.js';
import { localSigner, type Signer } from './signer.js';

const NODE_CERTIFICATE_DAYS = 3640;

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
  const keyFile = join(folder, 'key.pem');
  if (!make && !(existsSync(certificateFile) && existsSync(keyFile)))
    throw new DataFolderRefused('damaged', `${folder} lost its key or certificate: restore it from a backup`);
  if (existsSync(certificateFile))
    return {
      mspId: province.mspId,
      certificate: readFileSync(certificateFile, 'utf8'),
      privateKey: readFileSync(keyFile, 'utf8'),
    };
  const authority = await createAuthority(province.mspId, province.slug, now);
  writeWhole(keyFile, authority.privateKey, 0o600);
  writeWhole(certificateFile, authority.certificate, 0o644);
  return authority;
}

async function openNode(folder: string, unit: 'peer' | 'orderer', authority: AuthorityMaterial, slug: string, now: number) {
  const keys = await keyPairIn(folder);
  const certificateFile = join(folder, 'certificate.pem');
  if (!existsSync(certificateFile)) {
    const request = { commonName: `${unit}.${slug}`, unit, publicKey: keys.publicKey, days: NODE_CERTIFICATE_DAYS, now };
    writeWhole(certificateFile, await issueCertificate(authority, request), 0o644);
  }
  const certificate = readFileSync(certificateFile, 'utf8');
  const signer = localSigner(authority.mspId, certificate, keys.privateKey);
  return { ...signer, identity: encodeIdentity({ mspId: authority.mspId, certificate }) };
}

/**
 * Opens a province's identities. `folder` is DATA_DIR. The authority is made only when `make` is set: on
 * a ledger that has blocks another one would be a stranger.
 * @throws DataFolderRefused when the authority is not there and is not to be made
 */
export async function openProvince(folder: string, province: Province, now: number, make: boolean): Promise<ProvinceIdentities> {
  const own = join(folder, 'authorities', province.mspId);
  const authority = await openAuthority(join(own, 'ca'), province, now, make);
  const peer = await openNode(join(own, 'peer'), 'peer', authority, province.slug, now);
  const orderer = await openNode(join(own, 'orderer'), 'orderer', authority, province.slug, now);
  return { province, authority, peer, orderer };
}
