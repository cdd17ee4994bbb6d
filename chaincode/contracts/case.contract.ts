import { Context, Contract, Info, Param, Returns, Transaction } from 'fabric-contract-api';
import { execute } from '../runtime/execute.js';
import { acceptHandoff } from '../transactions/case/accept-handoff.js';
import { acknowledgeSession } from '../transactions/case/acknowledge-session.js';
import { closeCase } from '../transactions/case/close-case.js';
import { decideCase } from '../transactions/case/decide-case.js';
import { lapseHandoff } from '../transactions/case/lapse-handoff.js';
import { offerHandoff } from '../transactions/case/offer-handoff.js';
import { openCase } from '../transactions/case/open-case.js';
import { pauseCase } from '../transactions/case/pause-case.js';
import { recallHandoff } from '../transactions/case/recall-handoff.js';
import { recordCustody } from '../transactions/case/record-custody.js';
import { recordMilestone } from '../transactions/case/record-milestone.js';
import { recordPreReview } from '../transactions/case/record-pre-review.js';
import { recordSession } from '../transactions/case/record-session.js';
import { rejectHandoff } from '../transactions/case/reject-handoff.js';
import { resumeCase } from '../transactions/case/resume-case.js';
import { returnHandoff } from '../transactions/case/return-handoff.js';
import { submitMaterial } from '../transactions/case/submit-material.js';

@Info({ title: 'case', description: 'Cases, hand-offs, custody, sessions and decisions' })
export class CaseContract extends Contract {
  constructor() {
    super('case');
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async OpenCase(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, openCase, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async RecordMilestone(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, recordMilestone, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async SubmitMaterial(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, submitMaterial, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async RecordPreReview(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, recordPreReview, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async OfferHandoff(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, offerHandoff, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async AcceptHandoff(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, acceptHandoff, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async RejectHandoff(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, rejectHandoff, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async RecallHandoff(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, recallHandoff, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async LapseHandoff(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, lapseHandoff, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async ReturnHandoff(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, returnHandoff, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async PauseCase(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, pauseCase, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async ResumeCase(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, resumeCase, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async RecordCustody(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, recordCustody, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async RecordSession(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, recordSession, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async AcknowledgeSession(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, acknowledgeSession, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async DecideCase(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, decideCase, argument);
  }

  @Param('argument', 'string')
  @Returns('string')
  @Transaction()
  async CloseCase(ctx: Context, argument: string): Promise<string> {
    return execute(ctx, closeCase, argument);
  }
}
