/**
 * The connection profile 连接配置: what one operator of the network has to know to speak to it. Written
 * when a network is made, read here; paths in it are relative to the file's own folder.
 */
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { type MspId, PROVINCES, type ProvinceCode } from '../../chaincode/provinces.js';
import { CHAINCODE_NAME, CHANNEL } from '../channel.js';
import { encodeIdentity } from '../format/identity.js';
import type { AuthorityMaterial } from '../identity/authority.js';
import { checkKeyOf } from '../identity/files.js';
import { Membership } from '../identity/msp.js';
import { localSigner, type Signer } from '../identity/signer.js';

export const PROFILE_FORMAT = 'yrd-fabric-profile/1';

const CODE = Type.Unsafe<ProvinceCode>({ type: 'string', enum: PROVINCES.map(({ code }) => code) });
const PATH = Type.String({ minLength: 1 });
const CLOSED = { additionalProperties: false };

const NODE = Type.Object(
  {
    /** where it listens, `host:port` */
    address: Type.String({ pattern: '^[A-Za-z0-9.-]+:[0-9]{1,5}$' }),
    /** the name in its TLS certificate */
    tlsName: Type.String({ minLength: 1 }),
  },
  CLOSED,
);

const PROFILE = Type.Object(
  {
    format: Type.Literal(PROFILE_FORMAT),
    channel: Type.Literal(CHANNEL),
    chaincode: Type.Literal(CHAINCODE_NAME),
    /** whose peer this operator asks first and believes in what concerns its own commits */
    home: CODE,
    /** all four, in the order of the table of provinces */
    provinces: Type.Array(
      Type.Object(
        {
          code: CODE,
          mspId: Type.String(),
          /** PEM files: the authority that certifies peers, orderers and agencies */
          roots: Type.Array(PATH, { minItems: 1 }),
          /** PEM files: the authority of the TLS certificates */
          tlsRoots: Type.Array(PATH, { minItems: 1 }),
          peer: NODE,
          orderer: NODE,
        },
        CLOSED,
      ),
    ),
    /** folders with `key.pem` and `certificate.pem` of those provinces' authorities that this operator runs */
    authorities: Type.Object(Object.fromEntries(PROVINCES.map(({ code }) => [code, Type.Optional(PATH)])), CLOSED),
    /** a folder with `key.pem` and `certificate.pem` of who reads blocks and heights: a client of home's that is no agency, and so can write nothing */
    reader: PATH,
    /** the folder that holds agencies' keys */
    wallet: PATH,
  },
  CLOSED,
);

/** A profile as it is written. */
export type FabricProfile = Omit<Static<typeof PROFILE>, 'authorities'> & {
  readonly authorities: Readonly<Partial<Record<ProvinceCode, string>>>;
};

export interface NodeAddress {
  readonly address: string;
  readonly tlsName: string;
}

export interface ProvinceConnection {
  readonly code: ProvinceCode;
  readonly mspId: string;
  /** PEM */
  readonly roots: readonly string[];
  /** PEM */
  readonly tlsRoots: readonly string[];
  readonly peer: NodeAddress;
  readonly orderer: NodeAddress;
}

/** A profile with all its files read. */
export interface OpenedProfile {
  readonly home: ProvinceConnection;
  readonly provinces: readonly ProvinceConnection[];
  readonly authorities: ReadonlyMap<ProvinceCode, AuthorityMaterial>;
  readonly reader: Signer;
  /** absolute */
  readonly wallet: string;
}

/** A profile that cannot be used. The message lists every fault. */
export class ProfileRefused extends Error {
  override readonly name = 'ProfileRefused';
  readonly faults: readonly string[];

  constructor(file: string, faults: readonly string[]) {
    super(
      `the connection profile ${file} cannot be used:\n${faults.map((fault) => `  - ${fault}`).join('\n')}\nCorrect it, or write it anew with the network's own command.`,
    );
    this.faults = faults;
  }
}

const validator = Compile(PROFILE);

function parsed(file: string): FabricProfile {
  if (!existsSync(file)) throw new ProfileRefused(file, ['there is no such file']);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ProfileRefused(file, [`it is not JSON: ${(error as Error).message}`]);
  }
  const errors = validator.Errors(value);
  const faults = errors.map(({ instancePath, message }) => `${instancePath || '/'}: ${message}`);
  if (faults.length > 0) throw new ProfileRefused(file, [...new Set(faults)]);
  return value as FabricProfile;
}

/** Collects what is wrong with the files a profile names, so that all of it is told together. */
class Reader {
  readonly faults: string[] = [];
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  path(relative: string): string {
    return resolve(this.#folder, relative);
  }

  attempt<T>(what: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.faults.push(`${what}: ${(error as Error).message}`);
      return undefined;
    }
  }

  certificates(what: string, files: readonly string[]): string[] {
    const read = (file: string) => {
      const pem = readFileSync(this.path(file), 'utf8');
      return new X509Certificate(pem).toString();
    };
    return files.flatMap((file, index) => this.attempt(`${what}/${index}`, () => read(file)) ?? []);
  }

  #keyed(folder: string): { certificate: string; privateKey: string } {
    const path = this.path(folder);
    checkKeyOf(path);
    const read = (name: string) => readFileSync(join(path, name), 'utf8');
    return { certificate: read('certificate.pem'), privateKey: read('key.pem') };
  }

  authority(mspId: MspId, folder: string): AuthorityMaterial {
    return { mspId, ...this.#keyed(folder) };
  }

  signer(mspId: string, folder: string): Signer {
    const { certificate, privateKey } = this.#keyed(folder);
    return localSigner(mspId, certificate, privateKey);
  }
}

function provincesOf(profile: FabricProfile, reader: Reader): ProvinceConnection[] {
  const expected = PROVINCES.map(({ code, mspId }) => `${code} ${mspId}`);
  const named = profile.provinces.map(({ code, mspId }) => `${code} ${mspId}`);
  if (named.join() !== expected.join()) reader.faults.push(`/provinces: must be ${expected.join(', ')}, in this order`);
  return profile.provinces.map((province, index) => ({
    ...province,
    roots: reader.certificates(`/provinces/${index}/roots`, province.roots),
    tlsRoots: reader.certificates(`/provinces/${index}/tlsRoots`, province.tlsRoots),
  }));
}

/** Nodes would answer another's reader only that its organisation is unknown to them, at the first block it asks for. */
function readerOf({ reader: folder }: FabricProfile, { mspId, roots }: ProvinceConnection, reader: Reader): Signer | undefined {
  const signer = reader.attempt('/reader', () => reader.signer(mspId, folder));
  if (!signer || roots.length === 0) return signer;
  const unit = new Membership(new Map([[mspId, roots]])).member(encodeIdentity(signer))?.unit;
  if (unit === 'client') {
    const until = new X509Certificate(signer.certificate).validToDate;
    if (until.getTime() > Date.now()) return signer;
    reader.faults.push(
      `/reader: the certificate in ${folder} ran out on ${until.toISOString()}: rotate the reader and start again`,
    );
    return undefined;
  }
  const found =
    unit === undefined ? `no certificate of ${mspId}'s authority` : `the certificate of ${mspId}'s ${unit || 'authority'}`;
  reader.faults.push(`/reader: ${folder} holds ${found}: name the folder of a client of home's province`);
  return undefined;
}

/** An authority's key may have been moved away on purpose, and then the profile is not to name it. */
function authorityOf(reader: Reader, mspId: MspId, code: ProvinceCode, folder: string): AuthorityMaterial {
  try {
    return reader.authority(mspId, folder);
  } catch (error) {
    throw new Error(
      `${(error as Error).message}; or, where a signing process has it (npm run signer -- --authority ${code}=<folder>), leave ${code} out of authorities and give SIGNER_SOCKET`,
    );
  }
}

/** @throws ProfileRefused listing every fault */
export function readProfile(file: string): OpenedProfile {
  const profile = parsed(file);
  const reader = new Reader(dirname(resolve(file)));
  const provinces = provincesOf(profile, reader);
  const authorities = new Map<ProvinceCode, AuthorityMaterial>();
  for (const { code, mspId } of PROVINCES) {
    const folder = profile.authorities[code];
    if (folder === undefined) continue;
    const authority = reader.attempt(`/authorities/${code}`, () => authorityOf(reader, mspId, code, folder));
    if (authority) authorities.set(code, authority);
  }
  const home = provinces.find(({ code }) => code === profile.home);
  const reads = home && readerOf(profile, home, reader);
  if (reader.faults.length > 0 || !home || !reads) throw new ProfileRefused(file, reader.faults);
  return { home, provinces, authorities, reader: reads, wallet: reader.path(profile.wallet) };
}
