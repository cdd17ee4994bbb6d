/**
 * What a province shows of itself before there is a network: certificates, host and first port, in one file without
 * a key. From four of them anybody makes block 0, so no host ever needs another province's keys.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { PROVINCES } from '../../chaincode/provinces.js';
import { writeWhole } from '../identity/files.js';
import { BASE_PORT, HOST, type Member } from './definition.js';
import { CERTIFICATE_FILE, ROOT_FILE, writeMsp } from './identities.js';
import { provincePaths } from './network-folder.js';

export const PUBLIC_PART_FORMAT = 'yrd-province/1';

/** One certificate and nothing beside it, where a key could stand. */
const CERTIFICATE = Type.String({
  pattern: '^-----BEGIN CERTIFICATE-----\\n[A-Za-z0-9+/=\\n]+\\n-----END CERTIFICATE-----\\n?$',
  maxLength: 4096,
});
const CLOSED = { additionalProperties: false };

const PUBLIC_PART = Type.Object(
  {
    format: Type.Literal(PUBLIC_PART_FORMAT),
    province: Type.Unsafe<string>({ type: 'string', enum: PROVINCES.map(({ slug }) => slug) }),
    mspId: Type.String(),
    host: Type.String({ pattern: HOST.source }),
    basePort: Type.Integer(BASE_PORT),
    certificates: Type.Object({ root: CERTIFICATE, tlsRoot: CERTIFICATE, orderer: CERTIFICATE, ordererTls: CERTIFICATE }, CLOSED),
  },
  CLOSED,
);

export type PublicPart = Static<typeof PUBLIC_PART>;

const validator = Compile(PUBLIC_PART);

/** The name of a province's public part, wherever it lies. */
export function publicPartFile(slug: string): string {
  return `${slug}.public.json`;
}

interface Files {
  readonly ordererIdentity: string;
  readonly ordererTls: string;
}

function ordererFiles(root: string, slug: string): Files {
  const { orderer } = provincePaths(root, slug);
  return {
    ordererIdentity: join(orderer, 'msp/signcerts', CERTIFICATE_FILE),
    ordererTls: join(orderer, 'tls', CERTIFICATE_FILE),
  };
}

/** The text of the public part of the identities in the folder `root`. */
export function publicPartOf(root: string, { province, host }: Member, basePort: number): string {
  const { msp } = provincePaths(root, province.slug);
  const { ordererIdentity, ordererTls } = ordererFiles(root, province.slug);
  const read = (file: string) => readFileSync(file, 'utf8');
  const part: PublicPart = {
    format: PUBLIC_PART_FORMAT,
    province: province.slug,
    mspId: province.mspId,
    host,
    basePort,
    certificates: {
      root: read(join(msp, 'cacerts', ROOT_FILE)),
      tlsRoot: read(join(msp, 'tlscacerts', ROOT_FILE)),
      orderer: read(ordererIdentity),
      ordererTls: read(ordererTls),
    },
  };
  return `${JSON.stringify(part, null, 2)}\n`;
}

/** Undefined for a text that is no public part of this format. */
export function parsePublicPart(text: string): PublicPart | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return validator.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Puts its certificates where block 0 is made from, and the other provinces' nodes look for them. */
export function layOut(root: string, { province, certificates }: PublicPart): void {
  const { ordererIdentity, ordererTls } = ordererFiles(root, province);
  writeMsp(provincePaths(root, province).msp, {
    enrolment: { certificate: certificates.root },
    tls: { certificate: certificates.tlsRoot },
  });
  writeWhole(ordererIdentity, certificates.orderer, 0o644);
  writeWhole(ordererTls, certificates.ordererTls, 0o644);
}
