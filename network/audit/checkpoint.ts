/**
 * A checkpoint: how a ledger stood at some height, kept by somebody outside. A folder that was rewritten as a
 * whole, with all its keys, is right in itself; only against such a note can it be told.
 */
import { readFileSync } from 'node:fs';
import { CHANNEL } from '../channel.js';
import { type Audited, type Companion, checkLength } from './audit-chain.js';
import { CHECKPOINT_FORMAT, type Statement } from './checkpoint-format.js';
import { CannotTell, Differs } from './difference.js';
import { checkStatements } from './statements.js';

export interface Checkpoint {
  readonly format: typeof CHECKPOINT_FORMAT;
  readonly channel: string;
  /** number of blocks */
  readonly height: number;
  /** of the last of them, 64 hex */
  readonly blockHash: string;
  /** Fabric's commit hash after it, 64 hex */
  readonly stateHash: string;
  /** what provinces' peers signed of it; checkpoints from before they did have none */
  readonly statements?: readonly Statement[];
}

const HASH = /^[0-9a-f]{64}$/;

const STATEMENT = ['mspId', 'blockHash', 'stateHash', 'before', 'after', 'endorser', 'signature'] as const;

function isStatement(value: Partial<Record<keyof Statement, unknown>> | null): boolean {
  return STATEMENT.every((name) => typeof value?.[name] === 'string');
}

/** The orderers' signatures are for whoever has no chain: an audit checks those of its own block. @throws CannotTell */
export function readCheckpoint(file: string): Checkpoint {
  let value: Partial<Record<keyof Checkpoint, unknown>>;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new CannotTell(`${file} cannot be read as a checkpoint: ${(error as Error).message}`);
  }
  const wrong = (what: string) => new CannotTell(`${file}: ${what}; keep what GET /v1/checkpoints/latest answers`);
  if (value?.format !== CHECKPOINT_FORMAT) throw wrong(`its format is not ${CHECKPOINT_FORMAT}`);
  if (value.channel !== CHANNEL) throw wrong(`it is not of channel ${CHANNEL}`);
  if (!Number.isSafeInteger(value.height) || (value.height as number) < 1) throw wrong('its height is no number of blocks');
  for (const name of ['blockHash', 'stateHash'] as const)
    if (typeof value[name] !== 'string' || !HASH.test(value[name])) throw wrong(`its ${name} is not 64 hexadecimal digits`);
  const { statements = [] } = value;
  if (!Array.isArray(statements) || !statements.every(isStatement)) throw wrong('what provinces said in it is damaged');
  return value as Checkpoint;
}

/** The chain passes through the very place that the checkpoint names. */
export function checkpointComparison(checkpoint: Checkpoint, file: string): Companion {
  const { height } = checkpoint;
  return {
    async afterBlock(block, at, _state, { channel }) {
      if (at.height !== height) return;
      for (const name of ['blockHash', 'stateHash'] as const) {
        const [expected, found] = [checkpoint[name], at[name]];
        if (expected === found) continue;
        const problem = `block ${height - 1} is not the one in ${file}: its ${name} is another, so the chain was rewritten`;
        throw new Differs({ check: 'checkpoint', block: height - 1, problem, expected, found });
      }
      await checkStatements(checkpoint.statements ?? [], file, block, at, channel);
    },
    atEnd: (at: Audited) => checkLength(height, at, file),
  };
}
