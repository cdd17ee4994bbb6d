import { Context, Contract, Info, Param, Returns, Transaction } from 'fabric-contract-api';
import { execute } from '../runtime/execute.js';
import { approveGrant } from '../transactions/grant/approve-grant.js';
import { disposeGrant } from '../transactions/grant/dispose-grant.js';
import { endGrant } from '../transactions/grant/end-grant.js';
import { refuseGrant } from '../transactions/grant/refuse-grant.js';
import { releaseUse } from '../transactions/grant/release-use.js';
import { requestGrant } from '../transactions/grant/request-grant.js';
import { requestSupplement } from '../transactions/grant/request-supplement.js';
import { resumeGrant } from '../transactions/grant/resume-grant.js';
import { revokeGrant } from '../transactions/grant/revoke-grant.js';
import { submitSupplement } from '../transactions/grant/submit-supplement.js';
import { suspendGrant } from '../transactions/grant/suspend-grant.js';
import { useGrant } from '../transactions/grant/use-grant.js';

@Info({ title: 'grant', description: 'Data grants: request, answer, suspension, end, uses and releases' })
export class GrantContract extends Contract {
  constructor() {
    super('grant');
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async RequestGrant(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, requestGrant, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async ApproveGrant(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, approveGrant, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async RefuseGrant(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, refuseGrant, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async RequestSupplement(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, requestSupplement, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async SubmitSupplement(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, submitSupplement, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async SuspendGrant(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, suspendGrant, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async ResumeGrant(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, resumeGrant, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async RevokeGrant(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, revokeGrant, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async EndGrant(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, endGrant, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async DisposeGrant(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, disposeGrant, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async UseGrant(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, useGrant, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async ReleaseUse(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, releaseUse, argument);
  }
}
