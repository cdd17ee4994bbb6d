/** Fabric's own programs: in FABRIC_BIN, then on the PATH, then in `~/fabric/bin`. */
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { NetworkFault } from './fault.js';

export const PROGRAMS = ['peer', 'orderer', 'configtxgen', 'osnadmin'] as const;
export type Program = (typeof PROGRAMS)[number];
export type Programs = Readonly<Record<Program, string>>;

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function folders(environment: NodeJS.ProcessEnv): string[] {
  const { FABRIC_BIN, PATH = '', HOME = homedir() } = environment;
  return [...(FABRIC_BIN ? [FABRIC_BIN] : []), ...PATH.split(delimiter).filter(Boolean), join(HOME, 'fabric/bin')];
}

/** Where a program is; undefined when it is nowhere. */
export function locate(name: string, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  return folders(environment)
    .map((folder) => join(folder, name))
    .find(isProgram);
}

/** @throws NetworkFault naming all that are missing */
export function findPrograms(environment: NodeJS.ProcessEnv = process.env): Programs {
  const found = PROGRAMS.map((name) => [name, locate(name, environment)] as const);
  const missing = found.filter(([, file]) => !file).map(([name]) => name);
  if (missing.length > 0)
    throw new NetworkFault(
      `Fabric's ${missing.join(', ')} not found: unpack Hyperledger Fabric 3.1 and set FABRIC_BIN to the folder of its programs, or put them on the PATH or in ~/fabric/bin`,
    );
  return Object.fromEntries(found) as Programs;
}
