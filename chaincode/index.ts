/** What fabric-shim loads: the contracts, in a fixed order. */
import { AnchorContract } from './contracts/anchor.contract.js';
import { CaseContract } from './contracts/case.contract.js';
import { CatalogueContract } from './contracts/catalogue.contract.js';
import { CertificateContract } from './contracts/certificate.contract.js';
import { GrantContract } from './contracts/grant.contract.js';
import { LedgerContract } from './contracts/ledger.contract.js';
import { RegistryContract } from './contracts/registry.contract.js';
import { SubjectContract } from './contracts/subject.contract.js';

export const contracts = [
  RegistryContract,
  CatalogueContract,
  SubjectContract,
  CaseContract,
  CertificateContract,
  GrantContract,
  AnchorContract,
  LedgerContract,
];
