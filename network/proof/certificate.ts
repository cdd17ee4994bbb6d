/** X.509 certificates (RFC 5280), as much of them as says who signed: P-256 keys signed with ECDSA over SHA-256 only. */
import { areEqual, fromHex, fromPem, Malformed, textOf, toHex } from './bytes.js';
import { bitsOf, contentOf, type Element, inside, isOid, single, TAG, timeOf } from './der.js';
import { rawSignature } from './signature.js';

const ECDSA_SHA256 = fromHex('2a8648ce3d040302');
const P256_KEY = fromHex('3059301306072a8648ce3d020106082a8648ce3d03010703420004');
const ORGANISATIONAL_UNIT = fromHex('55040b');
const BASIC_CONSTRAINTS = fromHex('551d13');
const KEY_USAGE = fromHex('551d0f');
/** Critical extensions that change nothing here: extended key usage, alternative names. */
const HARMLESS = [fromHex('551d25'), fromHex('551d11')];
const DIGITAL_SIGNATURE = 0x80;
const SIGN_CERTIFICATES = 0x04;

/** Something that an authority signed: a certificate or a revocation list. */
export interface SignedStructure {
  /** what the signature covers */
  readonly signed: Uint8Array;
  /** r ‖ s */
  readonly signature: Uint8Array;
}

export interface Certificate extends SignedStructure {
  readonly der: Uint8Array;
  /** hex */
  readonly serial: string;
  /** the name's DER */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** organisational units in the names: in Fabric, what the subject may be */
  readonly issuerUnits: readonly string[];
  readonly units: readonly string[];
  /** milliseconds since the epoch, both included */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SubjectPublicKeyInfo, DER */
  readonly key: Uint8Array;
  /** it may issue certificates */
  readonly isAuthority: boolean;
  /** it may sign messages */
  readonly maySign: boolean;
}

/** SEQUENCE { what is signed, algorithm, signature }. @throws Malformed for any algorithm but ECDSA with SHA-256 */
export function signedStructure(der: Uint8Array): SignedStructure & { readonly fields: Element[] } {
  const [body, algorithm, signature, ...others] = inside(single(der), TAG.sequence);
  if (!body || others.length > 0) throw new Malformed('not a signed structure');
  requireEcdsa(algorithm);
  return { signed: body.whole, signature: rawSignature(bitsOf(signature)), fields: inside(body, TAG.sequence) };
}

/** @throws Malformed */
export function requireEcdsa(algorithm: Element | undefined): void {
  if (!isOid(inside(algorithm, TAG.sequence)[0], ECDSA_SHA256))
    throw new Malformed('signed with another algorithm than ECDSA and SHA-256');
}

function unitsOf(name: Element | undefined): string[] {
  const units: string[] = [];
  for (const part of inside(name, TAG.sequence))
    for (const pair of inside(part, TAG.set)) {
      const [type, value] = inside(pair, TAG.sequence);
      if (isOid(type, ORGANISATIONAL_UNIT)) units.push(textOf(value?.content ?? new Uint8Array(0)));
    }
  return units;
}

interface Extensions {
  isAuthority: boolean;
  /** none says anything is allowed */
  usage: number | undefined;
}

/** @throws Malformed for a critical extension that this file does not know: RFC 5280, 4.2 */
function extensionsOf(element: Element | undefined): Extensions {
  const found: Extensions = { isAuthority: false, usage: undefined };
  const list = element ? inside(single(contentOf(element, 0xa3)), TAG.sequence) : [];
  for (const extension of list) {
    const [id, second, third] = inside(extension, TAG.sequence);
    const isCritical = second?.tag === TAG.boolean && second.content[0] === 0xff;
    const value = contentOf(second?.tag === TAG.boolean ? third : second, TAG.octetString);
    if (isOid(id, BASIC_CONSTRAINTS)) found.isAuthority = inside(single(value), TAG.sequence)[0]?.content[0] === 0xff;
    else if (isOid(id, KEY_USAGE)) found.usage = contentOf(single(value), TAG.bitString)[1] ?? 0;
    else if (isCritical && !HARMLESS.some((known) => isOid(id, known)))
      throw new Malformed(`an unknown critical extension ${toHex(contentOf(id, TAG.oid))}`);
  }
  return found;
}

/** @throws Malformed */
export function parseCertificate(pem: string): Certificate {
  const der = fromPem(pem, 'CERTIFICATE');
  const { fields, signed, signature } = signedStructure(der);
  const [version, serial, algorithm, issuer, validity, subject, key, ...rest] = fields;
  if (!areEqual(contentOf(version, 0xa0), Uint8Array.of(2, 1, 2)) || !issuer || !subject || !key)
    throw new Malformed('not version 3');
  requireEcdsa(algorithm);
  if (key.whole.length !== 91 || !areEqual(key.whole.subarray(0, 27), P256_KEY)) throw new Malformed('not a P-256 key');
  const [notBefore, notAfter] = inside(validity, TAG.sequence);
  const { isAuthority, usage } = extensionsOf(rest.find(({ tag }) => tag === 0xa3));
  return {
    der,
    signed,
    signature,
    serial: toHex(contentOf(serial, TAG.integer)),
    issuer: issuer.whole,
    subject: subject.whole,
    issuerUnits: unitsOf(issuer),
    units: unitsOf(subject),
    notBefore: timeOf(notBefore),
    notAfter: timeOf(notAfter),
    key: key.whole,
    isAuthority: isAuthority && (usage === undefined || (usage & SIGN_CERTIFICATES) !== 0),
    maySign: !isAuthority && (usage === undefined || (usage & DIGITAL_SIGNATURE) !== 0),
  };
}
