import { Context, Contract, Info, Param, Returns, Transaction } from 'fabric-contract-api';
import { execute } from '../runtime/execute.js';
import { issueBatch } from '../transactions/certificate/issue-batch.js';
import { issueCertificate } from '../transactions/certificate/issue-certificate.js';
import { recordCopy } from '../transactions/certificate/record-copy.js';
import { reinstateCertificate } from '../transactions/certificate/reinstate-certificate.js';
import { revokeCertificate } from '../transactions/certificate/revoke-certificate.js';
import { supersedeCertificate } from '../transactions/certificate/supersede-certificate.js';
import { suspendCertificate } from '../transactions/certificate/suspend-certificate.js';

@Info({ title: 'certificate', description: 'Certificates: issue, batches, status, annotated copies' })
export class CertificateContract extends Contract {
  constructor() {
    super('certificate');
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async IssueCertificate(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, issueCertificate, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async IssueBatch(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, issueBatch, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async SuspendCertificate(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, suspendCertificate, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async ReinstateCertificate(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, reinstateCertificate, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async RevokeCertificate(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, revokeCertificate, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async SupersedeCertificate(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, supersedeCertificate, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async RecordCopy(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, recordCopy, argument);
  }
}
