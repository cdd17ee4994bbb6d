/** A closed ledger with a registration in the middle and a race, copied for each test to be tampered with and audited. */
import { beforeAll, beforeEach } from 'vitest';
import { auditFolder, type FolderAudit, type FolderFindings } from '../../network/audit/audit-folder.js';
import { type Difference, Differs } from '../../network/audit/difference.js';
import { createDispatcher, type Dispatcher } from '../../network/embedded/dispatcher.js';
import type { KeyVersion, ProposalResponse } from '../../network/format/response.js';
import { freshAgencyId } from './contract-world.js';
import { type Draft, Forger } from './forger.js';
import { copyOf, foundedLedger, register, registrarSigner, registration } from './ledger-world.js';
import { meetingDispatcher } from './meeting-dispatcher.js';

/** Made once for a test file. */
interface Source {
  readonly folder: string;
  readonly dispatcher: Dispatcher;
  /** of a registration in the middle */
  readonly block: number;
  readonly agencyId: string;
  readonly transaction: string;
}

async function makeSource(): Promise<Source> {
  let racers = 0;
  const world = await foundedLedger({ createDispatcher: () => meetingDispatcher(() => racers) });
  await register(world);
  const { block, agencyId, transactionId: transaction } = await register(world);
  const signer = await registrarSigner(world);
  const contested = freshAgencyId('310000');
  racers = 3;
  await Promise.allSettled(Array.from({ length: 3 }, () => world.ledger.submit(registration(signer, contested))));
  await register(world);
  await world.ledger.close();
  return { folder: world.folder, dispatcher: await createDispatcher(), block, agencyId, transaction };
}

/** The first difference that an audit throws. @throws whatever else it throws, and when it throws nothing */
export async function differenceOf(audit: Promise<unknown>): Promise<Difference> {
  const error = await audit.then(
    () => new Error('nothing differs'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof Differs) return error.difference;
  throw error;
}

export class AuditWorld {
  readonly source: Source;
  readonly folder: string;
  readonly forger: Forger;

  constructor(source: Source, folder: string, forger: Forger) {
    this.source = source;
    this.folder = folder;
    this.forger = forger;
  }

  get block(): number {
    return this.source.block;
  }

  get height(): number {
    return this.forger.blocks.length;
  }

  /** Where the registration is. */
  get place(): { block: number; position: number; transaction: string } {
    return { block: this.block, position: 0, transaction: this.source.transaction };
  }

  /** Under which the registered agency is. */
  get key(): string {
    return `agency~${this.source.agencyId}`;
  }

  /** A transaction that lost a race. */
  get loser(): KeyVersion {
    const block = this.forger.blocks.findIndex(({ filter }) => filter.includes(11));
    return { block, position: this.forger.blocks[block]?.filter.indexOf(11) ?? -1 };
  }

  /** The registration with another answer in it. */
  answering(change: Partial<ProposalResponse>): Draft {
    const draft = this.forger.draft(this.block);
    return { ...draft, response: { ...draft.response, ...change } };
  }

  /** What the registration wrote, with another role for the agency. */
  get otherWrites(): ProposalResponse['writes'] {
    const { writes } = this.forger.draft(this.block).response;
    const lie = (value?: Uint8Array) => Buffer.from(String(value).replace('certificate-issuer', 'data-user'));
    return writes.map((write) => (write.key === this.key ? { ...write, value: lie(write.value) } : write));
  }

  audit(more: Partial<FolderAudit> = {}): Promise<FolderFindings> {
    return auditFolder({ folder: this.folder, dispatcher: this.source.dispatcher, ...more });
  }

  difference(more: Partial<FolderAudit> = {}): Promise<Difference> {
    return differenceOf(this.audit(more));
  }
}

/** In a `describe`: a world of its own for each test. */
export function auditWorlds(): () => AuditWorld {
  let source: Source;
  let world: AuditWorld;
  beforeAll(async () => {
    source = await makeSource();
  });
  beforeEach(async () => {
    const folder = copyOf(source.folder);
    world = new AuditWorld(source, folder, await Forger.open(folder));
  });
  return () => world;
}
