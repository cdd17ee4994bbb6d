/**
 * Bearer tokens: RFC 9068 access tokens, checked as RFC 8725 asks. Algorithm, issuer, audience and keys
 * are fixed here; nothing in a token's header chooses any of them (`jku`, `jwk` and `x5u` are never read).
 */
import { createHash } from 'node:crypto';
import { type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { isCreditCode } from '../../chaincode/identifiers/credit-code.js';
import { ProvinceId, RoleName } from '../../chaincode/schemas/primitives.js';
import type { Credential } from './principal.js';
import type { IsRevoked } from './revoked-tokens.js';
import { Unauthenticated } from './unauthenticated.js';

export const TOKEN_ALGORITHMS = ['ES256', 'EdDSA'];
export const CLOCK_SKEW_SECONDS = 60;
const REMEMBERED_TOKENS = 2000;

/** Whose tokens count. A local issuer is one; an OpenID provider with its published keys is another. */
export interface TokenTrust {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: JWTVerifyGetKey;
  /** longest time a token may live, from `iat` to `exp` */
  readonly lifetimeSeconds: number;
}

/** A verified token; `certificateThumbprint` binds it to one TLS client certificate (RFC 8705). */
export interface TokenCredential extends Credential {
  readonly certificateThumbprint?: string;
}

export type VerifyToken = (token: string) => Promise<TokenCredential>;

const Claims = Type.Object({
  iss: Type.String(),
  aud: Type.String(),
  sub: Type.String({ minLength: 1, maxLength: 256 }),
  jti: Type.String({ minLength: 1, maxLength: 256 }),
  iat: Type.Integer(),
  exp: Type.Integer(),
  nbf: Type.Optional(Type.Integer()),
  agency: Type.String({ maxLength: 18 }),
  province: ProvinceId,
  roles: Type.Array(RoleName, { maxItems: 8 }),
  cnf: Type.Optional(
    Type.Object({ 'x5t#S256': Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) }, { additionalProperties: false }),
  ),
});
type Claims = Static<typeof Claims>;
const claimsShape = Compile(Claims);

function invalid(reason: string): Unauthenticated {
  return new Unauthenticated('auth.invalid', reason);
}

function checkClaims(payload: JWTPayload): Claims {
  if (!claimsShape.Check(payload)) throw invalid('claims do not have their form');
  if (!isCreditCode(payload.agency)) throw invalid('agency is no credit code');
  return payload;
}

/** Dates, as they must hold each time the token is shown. */
function checkDates(claims: Claims, trust: TokenTrust, now: number): void {
  const { iat, nbf, exp } = claims;
  if (exp + CLOCK_SKEW_SECONDS <= now) throw invalid('token has expired');
  if (Math.max(iat, nbf ?? iat) - CLOCK_SKEW_SECONDS > now) throw invalid('token is not valid yet');
  if (exp - iat > trust.lifetimeSeconds) throw invalid('token lives too long');
}

async function checkSignature(token: string, trust: TokenTrust, now: number): Promise<Claims> {
  try {
    const { payload } = await jwtVerify(
      token,
      (header, input) => {
        if (typeof header.kid !== 'string') throw invalid('token names no key');
        return trust.keys(header, input);
      },
      {
        algorithms: TOKEN_ALGORITHMS,
        typ: 'at+jwt',
        issuer: trust.issuer,
        audience: trust.audience,
        clockTolerance: CLOCK_SKEW_SECONDS,
        currentDate: new Date(now * 1000),
      },
    );
    return checkClaims(payload);
  } catch (error) {
    if (error instanceof Unauthenticated) throw error;
    throw invalid(error instanceof Error ? error.message : 'token does not verify');
  }
}

/**
 * Verifies tokens against one trust. A verified token is remembered by its SHA-256, because the same one
 * comes with every request of an hour; its dates, whether it was taken back, and its agency's record are looked at each time.
 */
export function createTokenVerifier(trust: TokenTrust, clock: () => number, isRevoked: IsRevoked = () => false): VerifyToken {
  const remembered = new Map<string, Claims>();
  return async (token) => {
    const now = Math.floor(clock() / 1000);
    const digest = createHash('sha256').update(token).digest('base64');
    let claims = remembered.get(digest);
    if (!claims) {
      claims = await checkSignature(token, trust, now);
      if (remembered.size >= REMEMBERED_TOKENS) remembered.clear();
      remembered.set(digest, claims);
    }
    checkDates(claims, trust, now);
    if (isRevoked(claims)) throw invalid('token was taken back');
    return {
      agencyId: claims.agency,
      province: claims.province,
      roles: claims.roles,
      issuer: claims.iss,
      subject: claims.sub,
      ...(claims.cnf && { certificateThumbprint: claims.cnf['x5t#S256'] }),
    };
  };
}
