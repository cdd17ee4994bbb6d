/**
 * Settings from the environment, in one schema. Whatever is wrong is told together and with what to do,
 * so that nobody has to start five times to learn of five faults.
 */
import { accessSync, constants } from 'node:fs';
import envSchema from 'env-schema';
import { Refusal } from '../chaincode/errors.js';
import { PROVINCE_CODES, type ProvinceCode } from '../chaincode/provinces.js';
import { ProfileRefused, readProfile } from '../network/fabric/profile.js';
import { readCalendar } from './calendar/working-days.js';

export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly certificateFile: string; readonly keyFile: string; readonly clientCaFile?: string };
  readonly dataDir: string;
  readonly demo: boolean;
  readonly ledger: 'embedded' | 'fabric';
  /** the connection profile of the network, with `fabric` */
  readonly fabricProfile?: string;
  /** the one province whose agencies this API serves; all four without it */
  readonly province?: ProvinceCode;
  /** where the signing process listens that holds the agencies' keys; without it they are in the data folder */
  readonly signerSocket?: string;
  /** the vault's key; without it one is made in the data folder */
  readonly vaultKeyFile?: string;
  /** holidays and make-up working days; without it only weekends are free */
  readonly calendarFile?: string;
  /**
   * so many provinces' peers sign a receipt. A write needs three, and fewer must not attest what they could not write;
   * with four, none of them may be away
   */
  readonly receiptProvinces: number;
  readonly rateLimit: boolean;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
}

/** 0 to 65535, in the one spelling that a port has */
const PORT_PATTERN = '^(?:0|[1-9][0-9]{0,3}|[1-5][0-9]{4}|6(?:[0-4][0-9]{3}|5(?:[0-4][0-9]{2}|5(?:[0-2][0-9]|3[0-5]))))$';

const SCHEMA = {
  type: 'object',
  properties: {
    HOST: { type: 'string', minLength: 1, default: '127.0.0.1' },
    PORT: { type: 'string', pattern: PORT_PATTERN, default: '8080' },
    TLS_CERT: { type: 'string', minLength: 1 },
    TLS_KEY: { type: 'string', minLength: 1 },
    CLIENT_CA: { type: 'string', minLength: 1 },
    DATA_DIR: { type: 'string', minLength: 1, default: './data' },
    DEMO: { type: 'string', enum: ['on', 'off'], default: 'on' },
    LEDGER: { type: 'string', enum: ['embedded', 'fabric'], default: 'embedded' },
    FABRIC_PROFILE: { type: 'string', minLength: 1 },
    PROVINCE: { type: 'string', enum: [...PROVINCE_CODES] },
    SIGNER_SOCKET: { type: 'string', minLength: 1 },
    VAULT_KEY_FILE: { type: 'string', minLength: 1 },
    CALENDAR_FILE: { type: 'string', minLength: 1 },
    RECEIPT_PROVINCES: { type: 'string', enum: ['3', '4'], default: '3' },
    RATE_LIMIT: { type: 'string', enum: ['on', 'off'], default: 'on' },
    LOG_LEVEL: { type: 'string', enum: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], default: 'info' },
  },
} as const;

interface Environment {
  readonly HOST: string;
  readonly PORT: string;
  readonly TLS_CERT?: string;
  readonly TLS_KEY?: string;
  readonly CLIENT_CA?: string;
  readonly DATA_DIR: string;
  readonly DEMO: 'on' | 'off';
  readonly LEDGER: Settings['ledger'];
  readonly FABRIC_PROFILE?: string;
  readonly PROVINCE?: ProvinceCode;
  readonly SIGNER_SOCKET?: string;
  readonly VAULT_KEY_FILE?: string;
  readonly CALENDAR_FILE?: string;
  readonly RECEIPT_PROVINCES: '3' | '4';
  readonly RATE_LIMIT: 'on' | 'off';
  readonly LOG_LEVEL: Settings['logLevel'];
}

/** What to do about a value that does not fit. */
export const ADVICE: Readonly<Record<keyof Environment, string>> = {
  HOST: 'give the address to listen on, such as 127.0.0.1',
  PORT: 'give a port from 0 to 65535; 0 takes any free one',
  TLS_CERT: 'give the file of a PEM certificate chain',
  TLS_KEY: 'give the file of the PEM private key that belongs to TLS_CERT',
  CLIENT_CA: 'give the file of the PEM certificates that client certificates are checked against',
  DATA_DIR: 'give the folder that holds ledger, keys and store',
  DEMO: 'give on for demonstration records in a new data folder, or off',
  LEDGER: 'give embedded for a ledger in DATA_DIR, or fabric for the network of four provinces',
  FABRIC_PROFILE:
    'give the connection profile of a running network (npm run network -- up writes network-data/profiles/development.json)',
  PROVINCE: `give one of ${PROVINCE_CODES.join(', ')}, or leave it out to serve all four`,
  SIGNER_SOCKET: 'give the socket of a running signing process (npm run signer), or leave it out',
  VAULT_KEY_FILE: 'give the file of the key that the vault is encrypted with',
  CALENDAR_FILE: 'give the file of holidays and make-up working days',
  RECEIPT_PROVINCES: 'give 3, as many as a write needs, or 4, with which there is no receipt while a province is away',
  RATE_LIMIT: 'give on, or off for load tests',
  LOG_LEVEL: `give one of ${SCHEMA.properties.LOG_LEVEL.enum.join(', ')}`,
};

const FILES = ['TLS_CERT', 'TLS_KEY', 'CLIENT_CA', 'FABRIC_PROFILE', 'SIGNER_SOCKET', 'VAULT_KEY_FILE', 'CALENDAR_FILE'] as const;

export class SettingsFault extends Error {
  override readonly name = 'SettingsFault';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`these settings do not fit:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.faults = faults;
  }
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** One look at each setting by itself; a bad one must not keep the others from being looked at. */
function readEach(source: NodeJS.ProcessEnv, faults: string[]): Partial<Environment> {
  const values: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(SCHEMA.properties)) {
    const data = source[name] === undefined ? {} : { [name]: source[name] };
    try {
      Object.assign(values, envSchema({ schema: { type: 'object', properties: { [name]: schema } }, data, env: false }));
    } catch {
      faults.push(`${name}=${JSON.stringify(source[name])}: ${ADVICE[name as keyof Environment]}`);
    }
  }
  return values;
}

function checkTogether(values: Partial<Environment>, faults: string[]): void {
  if ((values.TLS_CERT === undefined) !== (values.TLS_KEY === undefined))
    faults.push('TLS_CERT and TLS_KEY go together: give both, or neither');
  if (values.CLIENT_CA !== undefined && values.TLS_CERT === undefined)
    faults.push('CLIENT_CA needs TLS: give TLS_CERT and TLS_KEY too');
  for (const name of FILES) {
    const file = values[name];
    if (file !== undefined && !isReadable(file)) faults.push(`${name}=${JSON.stringify(file)} cannot be read: ${ADVICE[name]}`);
  }
}

/** What is in it, told with all other faults. */
function checkCalendar({ CALENDAR_FILE: file }: Partial<Environment>, faults: string[]): void {
  if (file === undefined || !isReadable(file)) return;
  try {
    readCalendar(file);
  } catch (error) {
    const { fields = [] } = error instanceof Refusal ? error.facts : {};
    const told = fields.map(({ path, message }) => `${path || 'the file'} ${message}`).join('; ') || (error as Error).message;
    faults.push(`CALENDAR_FILE=${JSON.stringify(file)} is no calendar (${told}): ${ADVICE.CALENDAR_FILE}`);
  }
}

/** Whom the profile speaks for must be whom this API serves. Its authorities are elsewhere where a signing process has the keys. */
function checkProvince(file: string, { PROVINCE, SIGNER_SOCKET }: Partial<Environment>, faults: string[]): void {
  const { home, authorities } = readProfile(file);
  if (PROVINCE === undefined) return;
  if (home.code !== PROVINCE)
    faults.push(
      `PROVINCE=${PROVINCE}: the profile ${file} is one of ${home.code}: give FABRIC_PROFILE of the province that is served`,
    );
  else if (SIGNER_SOCKET === undefined && !authorities.has(PROVINCE))
    faults.push(
      `PROVINCE=${PROVINCE}: the profile ${file} names no authority of it: add its folder under authorities, or give SIGNER_SOCKET`,
    );
}

function checkProfile(values: Partial<Environment>, faults: string[]): void {
  const { LEDGER, FABRIC_PROFILE } = values;
  if (LEDGER === 'fabric' && FABRIC_PROFILE === undefined)
    faults.push(`LEDGER=fabric needs FABRIC_PROFILE: ${ADVICE.FABRIC_PROFILE}`);
  if (FABRIC_PROFILE === undefined || !isReadable(FABRIC_PROFILE)) return;
  if (LEDGER === 'embedded') {
    faults.push('FABRIC_PROFILE goes with LEDGER=fabric: give that too, or leave the profile out');
    return;
  }
  try {
    checkProvince(FABRIC_PROFILE, values, faults);
  } catch (error) {
    if (!(error instanceof ProfileRefused)) throw error;
    faults.push(...error.faults.map((fault) => `FABRIC_PROFILE=${JSON.stringify(FABRIC_PROFILE)}: ${fault}`));
  }
}

function tlsOf({ TLS_CERT, TLS_KEY, CLIENT_CA }: Environment): Pick<Settings, 'tls'> {
  if (TLS_CERT === undefined || TLS_KEY === undefined) return {};
  return { tls: { certificateFile: TLS_CERT, keyFile: TLS_KEY, ...(CLIENT_CA !== undefined && { clientCaFile: CLIENT_CA }) } };
}

/** @throws SettingsFault naming everything that does not fit, and what to do about it */
export function readSettings(source: NodeJS.ProcessEnv = process.env): Settings {
  const faults: string[] = [];
  const read = readEach(source, faults);
  checkTogether(read, faults);
  checkCalendar(read, faults);
  checkProfile(read, faults);
  if (faults.length > 0) throw new SettingsFault(faults);
  const values = read as Environment;
  return {
    host: values.HOST,
    port: Number(values.PORT),
    ...tlsOf(values),
    dataDir: values.DATA_DIR,
    demo: values.DEMO === 'on',
    ledger: values.LEDGER,
    ...(values.FABRIC_PROFILE !== undefined && { fabricProfile: values.FABRIC_PROFILE }),
    ...(values.PROVINCE !== undefined && { province: values.PROVINCE }),
    ...(values.SIGNER_SOCKET !== undefined && { signerSocket: values.SIGNER_SOCKET }),
    ...(values.VAULT_KEY_FILE !== undefined && { vaultKeyFile: values.VAULT_KEY_FILE }),
    ...(values.CALENDAR_FILE !== undefined && { calendarFile: values.CALENDAR_FILE }),
    receiptProvinces: Number(values.RECEIPT_PROVINCES),
    rateLimit: values.RATE_LIMIT === 'on',
    logLevel: values.LOG_LEVEL,
  };
}
