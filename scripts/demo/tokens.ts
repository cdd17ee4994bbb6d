/** A token for each agency that the demonstration speaks for, made once and used until it nearly runs out. */
import type { LocalIssuer } from '../../api/auth/local-issuer.js';
import type { ClientOptions } from './client.js';

const MINUTES = 30;
const RENEW_AFTER = (MINUTES - 5) * 60_000;

export function tokensOf(issuer: LocalIssuer): ClientOptions['token'] {
  const made = new Map<string, { readonly token: Promise<string>; readonly at: number }>();
  return ({ agencyId, province, roles }) => {
    const now = Date.now();
    const known = made.get(agencyId);
    if (known && now - known.at < RENEW_AFTER) return known.token;
    const token = issuer.mint({ agencyId, province, roles, operator: 'demonstration', minutes: MINUTES }, now);
    made.set(agencyId, { token, at: now });
    return token;
  };
}
