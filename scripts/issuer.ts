/** Tokens of the local issuer, and the agencies they may be for, from the data folder of a server. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type LocalIssuer, openLocalIssuer } from '../api/auth/local-issuer.js';
import { revokeTokens } from '../api/auth/revoked-tokens.js';
import { key } from '../chaincode/state/keys.js';
import type { AgencyRecord } from '../chaincode/transactions/registry/agency.js';

/** There is no server's data folder where one is looked for. */
export class NoDataFolder extends Error {
  override readonly name = 'NoDataFolder';

  constructor(dataDir: string) {
    super(`${dataDir} holds no ledger: start the server first (npm start), or set DATA_DIR to the folder that it uses`);
  }
}

/** The issuer of a data folder that a server has opened before. @throws NoDataFolder */
export async function issuerOf(dataDir: string): Promise<LocalIssuer> {
  const folder = join(dataDir, 'issuer');
  if (!existsSync(folder)) throw new NoDataFolder(dataDir);
  return openLocalIssuer(folder);
}

/** Takes tokens back; a running server knows within seconds. @throws NoDataFolder */
export function takeBack(dataDir: string, what: { jti: string } | { sub: string }): void {
  const folder = join(dataDir, 'issuer');
  if (!existsSync(folder)) throw new NoDataFolder(dataDir);
  revokeTokens(folder, what, Date.now());
}

/** An agency as the register has it; undefined when it has none. Reads beside a running server. @throws NoDataFolder */
export function registeredAgency(dataDir: string, agencyId: string): AgencyRecord | undefined {
  const file = join(dataDir, 'store', 'store.db');
  if (!existsSync(file)) throw new NoDataFolder(dataDir);
  const store = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  try {
    const row = store.prepare('SELECT value FROM record WHERE key = ?').get(key('agency', agencyId));
    return row ? (JSON.parse(String(row.value)) as AgencyRecord) : undefined;
  } finally {
    store.close();
  }
}
