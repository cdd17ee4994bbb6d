/** Why a server cannot start, in words for whoever started it. */
import { ForeignProjection } from '../api/projection/same-chain.js';
import { StoreTooNew } from '../api/store/migrate.js';
import { DataFolderRefused, LedgerUnavailable } from '../network/errors.js';

const LISTENING: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is taken: stop what listens there, or start with another PORT (PORT=0 takes any free one)',
  EACCES: 'the port needs privileges: take a PORT above 1023',
  EADDRNOTAVAIL: 'HOST is no address of this machine',
};

/** Undefined for an error that nobody foresaw. */
export function refusalText(error: unknown): string | undefined {
  if (error instanceof DataFolderRefused) return `The data folder is refused (${error.reason}): ${error.message}`;
  if (error instanceof StoreTooNew) return `The data folder is refused (newer): ${error.message}`;
  if (error instanceof ForeignProjection) return `The data folder is refused (another ledger): ${error.message}`;
  if (error instanceof LedgerUnavailable) return `The ledger cannot be opened: ${error.message}`;
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  const listening = syscall === 'listen' || code === 'EADDRINUSE' ? LISTENING[code ?? ''] : undefined;
  return listening && `${message}: ${listening}`;
}
