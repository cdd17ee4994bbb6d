/** Four hosts found a network: each makes its keys in its own folder, and sends nothing but its public part. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PROVINCES } from '../../chaincode/provinces.js';
import { type Outcome, network as run } from './network-command.js';

export interface Ceremony {
  /** one for each province, in the order of the table of provinces */
  readonly hosts: readonly string[];
  readonly basePort: number;
  /** a province's folder on its host */
  readonly folderOf: (slug: string) => string;
  readonly environment?: Readonly<Record<string, string>>;
}

export const SLUGS = PROVINCES.map(({ slug }) => slug);

async function done(outcome: Promise<Outcome>): Promise<string> {
  const { code, output, complaint } = await outcome;
  if (code !== 0) throw new Error(complaint);
  return output;
}

/** @param post where the public parts arrive @returns what each command printed, in the order of the provinces */
export async function makeFourIdentities(ceremony: Ceremony, post: string): Promise<string[]> {
  const { hosts, basePort, folderOf, environment = {} } = ceremony;
  mkdirSync(post, { recursive: true });
  const outputs: string[] = [];
  for (const [index, slug] of SLUGS.entries()) {
    const words = ['--host', hosts[index] as string, '--ports', String(basePort), '--folder', folderOf(slug)];
    outputs.push(await done(run(['identities', slug, ...words], environment)));
    copyFileSync(join(folderOf(slug), `${slug}.public.json`), join(post, `${slug}.public.json`));
  }
  return outputs;
}

export function postedParts(post: string): string[] {
  return SLUGS.map((slug) => join(post, `${slug}.public.json`));
}

/** All of it. @param home for what is sent between the hosts @returns what each `take` printed */
export async function foundNetwork(home: string, ceremony: Ceremony): Promise<string[]> {
  const [post, assembled] = [join(home, 'post'), join(home, 'assembled')];
  await makeFourIdentities(ceremony, post);
  await done(run(['assemble', ...postedParts(post), '--out', assembled], ceremony.environment));
  const takes = SLUGS.map((slug) => done(run(['take', '--from', assembled, '--folder', ceremony.folderOf(slug)])));
  return Promise.all(takes);
}
