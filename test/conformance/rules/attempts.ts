/** What the thirteen rules' attempts share: who tries, how, and what is on the ledger afterwards. */
import { type Business, expectStatus } from '../../support/api-business.js';
import type { ApiAgency, ApiResponse } from '../../support/api-world.js';

/** The business of one ledger, made before the first attempt. */
export type Scene = () => Business;

export function post(scene: Scene, path: string, agency: ApiAgency | undefined, body: unknown = {}): Promise<ApiResponse> {
  return scene().world.post(path, agency, body);
}

export function get(scene: Scene, path: string, agency?: ApiAgency): Promise<ApiResponse> {
  return scene().world.get(path, agency);
}

/** A write that is to succeed. */
export async function write(scene: Scene, path: string, agency: ApiAgency, body: unknown = {}) {
  return expectStatus(await post(scene, path, agency, body), 201).body;
}

export function said({ status, body }: ApiResponse): [number, string | undefined] {
  return [status, body?.code];
}

/** How many transactions there are; a refusal adds none. */
export async function transactions(scene: Scene): Promise<number> {
  const { ledger } = scene().world.below;
  const { height } = await ledger.info();
  const enough = new AbortController();
  let count = 0;
  for await (const block of ledger.blocks(0, enough.signal)) {
    count += block.transactions.length;
    if (block.number === height - 1) break;
  }
  enough.abort();
  return count;
}
