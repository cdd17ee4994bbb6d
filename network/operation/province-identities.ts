/** The first step of the ceremony by which four hosts found a network: each makes its own keys, and a file that shows none. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defineMember } from '../definition/definition.js';
import { makeIdentities } from '../definition/identities.js';
import { publicPartFile, publicPartOf } from '../definition/public-part.js';
import { writeWhole } from '../identity/files.js';
import { NetworkFault } from './fault.js';

export interface IdentitiesInput {
  /** absolute; empty or not there; becomes the province's folder */
  readonly root: string;
  readonly slug: string;
  /** where the other provinces will reach this one */
  readonly host: string;
  readonly basePort: number;
}

/** Its public part is written last: a folder that has one is whole. @returns that file @throws NetworkFault, DefinitionRefused */
export async function makeProvinceIdentities({ root, slug, host, basePort }: IdentitiesInput): Promise<string> {
  const member = defineMember(slug, { basePort, host });
  if (existsSync(root) && readdirSync(root).length > 0) throw new NetworkFault(`${root} is not empty: name another folder`);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  await makeIdentities(root, member, Date.now());
  const file = join(root, publicPartFile(slug));
  writeWhole(file, publicPartOf(root, member, basePort), 0o644);
  return file;
}
