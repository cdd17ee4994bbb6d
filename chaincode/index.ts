/** What fabric-shim loads: the contracts, in a fixed order. */
import { CertificateContract } from './contracts/certificate.contract.js';
import { LedgerContract } from './contracts/ledger.contract.js';
import { RegistryContract } from './contracts/registry.contract.js';

export const contracts = [RegistryContract, CertificateContract, LedgerContract];
