/** A demonstration step that did not go as it must: what was asked, what came back, what to do. */
export class DemoFault extends Error {
  override readonly name = 'DemoFault';

  constructor(what: string, advice: string) {
    super(`${what}\n  ${advice}`);
  }
}

/** What to do about an answer that a step did not expect. */
export function adviceFor(status: number, code: string | undefined): string {
  if (status === 401) return 'The tokens are made from another data folder: set DATA_DIR to the one that the server uses.';
  if (status === 403) return 'The agency may not do this: was its role changed or its province restricted (PROVINCE)?';
  if (status === 404)
    return 'A record is missing: start the server with DEMO=on on a new data folder, or run npm run demo once more.';
  if (code === 'idempotency.mismatch')
    return 'This run was begun by another version: run npm run demo, which takes a fresh run id.';
  if (status === 429) return 'The rate limit was hit: wait a minute, or start the server with RATE_LIMIT=off.';
  if (status >= 500) return 'The server could not do it: look at its log, and at npm run doctor.';
  return 'The server and this demonstration differ: build again (npm run build) and restart the server.';
}
