/** `npm run --silent token -- <agencyId>`: a bearer token of the local issuer, alone on standard output. */
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { LOCAL_LIFETIME_SECONDS } from '../api/auth/local-issuer.js';
import { readSettings, SettingsFault } from '../api/settings.js';
import { isCreditCode } from '../chaincode/identifiers/credit-code.js';
import { issuerOf, NoDataFolder, registeredAgency, takeBack } from './issuer.js';

const LONGEST = LOCAL_LIFETIME_SECONDS / 60;

function minutes(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= LONGEST) return value;
  throw new InvalidArgumentError(`give more than 0 and at most ${LONGEST} minutes.`);
}

/** Whom the token cannot be for. */
class NoSuchAgency extends Error {}
class NoSuchToken extends Error {}

async function token(agencyId: string, operator: string, lifetime: number): Promise<string> {
  const dataDir = resolve(readSettings().dataDir);
  if (!isCreditCode(agencyId))
    throw new NoSuchAgency(`${agencyId} is no credit code (GB 32100): its check character does not hold`);
  const agency = registeredAgency(dataDir, agencyId);
  if (!agency) throw new NoSuchAgency(`${agencyId} is not registered: GET /v1/agencies lists who is`);
  if (agency.status !== 'active') throw new NoSuchAgency(`${agencyId} is ${agency.status}: its registrar can reactivate it`);
  const issuer = await issuerOf(dataDir);
  return issuer.mint({ agencyId, province: agency.province, roles: agency.roles, operator, minutes: lifetime }, Date.now());
}

interface Options {
  readonly operator: string;
  readonly minutes: number;
  readonly revoke?: string;
  readonly revokeOperator?: string;
}

/** A token as it was printed, or its `jti`. */
function idOf(text: string): string {
  const [, payload] = text.split('.');
  if (payload === undefined) return text;
  try {
    return String(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')).jti);
  } catch {
    throw new NoSuchToken('that is no token: give it as it was printed, or its jti');
  }
}

async function act(
  agencyId: string | undefined,
  { operator, minutes: lifetime, revoke, revokeOperator }: Options,
): Promise<void> {
  const dataDir = resolve(readSettings().dataDir);
  if (revoke !== undefined) takeBack(dataDir, { jti: idOf(revoke) });
  if (revokeOperator !== undefined) takeBack(dataDir, { sub: revokeOperator });
  if (revoke !== undefined || revokeOperator !== undefined) return;
  if (agencyId === undefined) throw new NoSuchAgency('name an agency: GET /v1/agencies lists who is registered');
  process.stdout.write(`${await token(agencyId, operator, lifetime)}\n`);
}

const program = new Command('token')
  .description(
    'Prints a bearer token of the local issuer with the roles that the agency is registered with, or takes tokens back.',
  )
  .argument('[agencyId]', 'credit code 统一社会信用代码 of a registered agency, registrars included')
  .option('--operator <id>', 'the person or system that acts; goes on the ledger only as a keyed handle', 'command-line')
  .option('--minutes <n>', 'how long the token lives', minutes, 60)
  .option('--revoke <token>', 'takes this token back: as it was printed, or its jti')
  .option('--revoke-operator <id>', 'takes back all tokens that an operator has so far')
  .action(async (agencyId: string | undefined, options: Options) => {
    try {
      await act(agencyId, options);
    } catch (error) {
      if (
        !(
          error instanceof NoSuchAgency ||
          error instanceof NoSuchToken ||
          error instanceof NoDataFolder ||
          error instanceof SettingsFault
        )
      )
        throw error;
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    }
  });

await program.parseAsync();
