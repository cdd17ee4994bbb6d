/**
 * The default issuer of tokens: an ES256 key in the data folder, made at first start. Whoever may read
 * that folder may speak for every agency; production points `OIDC_ISSUER` at a provider instead.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { calculateJwkThumbprint, createLocalJWKSet, exportJWK, type JWK, SignJWT } from 'jose';
import type { ProvinceCode } from '../../chaincode/provinces.js';
import type { Role } from '../../chaincode/roles.js';
import { openKeyFile, openSecretFile } from './secret-file.js';
import type { TokenTrust } from './token-verifier.js';

export const LOCAL_ISSUER = 'urn:delta-trust-ledger:local-issuer';
export const LOCAL_AUDIENCE = 'urn:delta-trust-ledger:api';
export const LOCAL_LIFETIME_SECONDS = 24 * 60 * 60;

export interface TokenRequest {
  readonly agencyId: string;
  readonly province: ProvinceCode;
  readonly roles: readonly Role[];
  /** the person or system that acts for the agency */
  readonly operator: string;
  readonly minutes: number;
}

export interface LocalIssuer {
  readonly trust: TokenTrust;
  /** keys the handles under which operators appear in logs and registers */
  readonly operatorKey: Buffer;
  /** @throws RangeError for a lifetime that the verifier would refuse */
  mint(request: TokenRequest, now: number): Promise<string>;
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** Opens the issuer in `folder`, making its keys where there are none. */
export async function openLocalIssuer(folder: string): Promise<LocalIssuer> {
  const privateKey = createPrivateKey(openSecretFile(join(folder, 'signing-key.pem'), newKey));
  const publicJwk: JWK = await exportJWK(createPublicKey(privateKey));
  const kid = await calculateJwkThumbprint(publicJwk);
  return {
    trust: {
      issuer: LOCAL_ISSUER,
      audience: LOCAL_AUDIENCE,
      keys: createLocalJWKSet({ keys: [{ ...publicJwk, kid, alg: 'ES256', use: 'sig' }] }),
      lifetimeSeconds: LOCAL_LIFETIME_SECONDS,
    },
    operatorKey: openKeyFile(join(folder, 'operator.key')),
    mint: ({ agencyId, province, roles, operator, minutes }, now) => {
      const lifetime = Math.round(minutes * 60);
      if (!(lifetime >= 1 && lifetime <= LOCAL_LIFETIME_SECONDS))
        throw new RangeError(`a token lives at least a second and at most ${LOCAL_LIFETIME_SECONDS / 60} minutes`);
      const issuedAt = Math.floor(now / 1000);
      return new SignJWT({ agency: agencyId, province, roles: [...roles] })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
        .setIssuer(LOCAL_ISSUER)
        .setAudience(LOCAL_AUDIENCE)
        .setSubject(operator)
        .setJti(randomUUID())
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetime)
        .sign(privateKey);
    },
  };
}
