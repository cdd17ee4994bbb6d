/** What stands in the peers' own databases, from which they answer: not what their blocks would make of them. */

export interface PeerDatabase {
  readonly mspId: string;
  /** number of the last block that is in it */
  readonly block: number;
  /** file of the peer's snapshot → SHA-256 over it, 64 hex */
  readonly files: Readonly<Record<string, string>>;
}

function unlike(one: PeerDatabase, other: PeerDatabase): string[] {
  const names = new Set([...Object.keys(one.files), ...Object.keys(other.files)]);
  return [...names].filter((name) => one.files[name] !== other.files[name]).sort();
}

/** As many as any others have the same, the earlier ones when there are as many of two kinds. */
function most(databases: readonly PeerDatabase[]): PeerDatabase[] {
  const alike = databases.map((one) => databases.filter((other) => unlike(one, other).length === 0));
  return alike.reduce((best, next) => (next.length > best.length ? next : best), []);
}

/** @returns sentences that name the provinces whose peers answer from something else; none when four have the same */
export function unequalDatabases(databases: readonly PeerDatabase[]): string[] {
  const reference = most(databases)[0];
  if (!reference) return ['no database was read'];
  const heights = databases.map(({ mspId, block }) => `${mspId} at ${block}`);
  if (databases.some(({ block }) => block !== reference.block))
    return [`the databases were not read at one block: ${heights.join(', ')}`];
  const whose = most(databases).map(({ mspId }) => mspId);
  return databases.flatMap((one) => {
    const files = unlike(reference, one);
    const what = `${files.join(', ')} at block ${one.block}`;
    return files.length === 0 ? [] : [`the database of ${one.mspId} is not that of ${whose.join(', ')}: ${what}`];
  });
}
