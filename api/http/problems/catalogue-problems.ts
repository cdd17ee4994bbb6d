import { problem } from './problem.js';

export const catalogueProblems = {
  'catalogue.not-found': problem(
    404,
    ['目录条目不存在', '没有该目录条目或版本；请核对类别、编码和版本号。'],
    ['Catalogue entry not found', 'There is no such catalogue entry or version; check kind, code and version.'],
  ),
  'catalogue.state': problem(
    409,
    ['目录条目状态不符', '该版本当前状态不允许此操作，见 state；请先完成前一步骤（如征求意见结果）。'],
    [
      'Catalogue entry in another state',
      'The present state of this version, given in state, does not allow this; finish the step before it, such as the result of the consultation.',
    ],
  ),
  'catalogue.voted': problem(
    409,
    ['本省已表决', '本省对该版本已投票，不能重复；请等待其他省份表决。'],
    ['Province has voted', 'Your province has voted on this version already; wait for the votes of the others.'],
  ),
  'catalogue.content': problem(
    422,
    ['内容摘要不一致', '所附 contentDigest 与该版本内容不符；请重新读取该版本并核对内容后再表决。'],
    ['Other content', 'The contentDigest is not that of this version; read the version again, check its content, then vote.'],
  ),
  'catalogue.not-published': problem(
    422,
    ['目录版本未发布', '所引用的目录版本未处于发布状态；请改用已发布的版本。'],
    ['Version not published', 'The catalogue version named is not published; name the published one.'],
  ),
  'catalogue.state-secret': problem(
    422,
    ['涉及国家秘密', '涉及国家秘密的数据不得进入共享目录；请撤回该数据集。'],
    ['State secret', 'Data that are a state secret cannot enter the shared catalogue; withdraw this data set.'],
  ),
  'catalogue.reference': problem(
    422,
    ['引用不成立', '内容引用了不存在或不适用的机构、文件或条目；请核对引用后重新提交。'],
    [
      'Reference does not hold',
      'The content names an agency, instrument or entry that does not exist or does not fit; check what it names and send it again.',
    ],
  ),
} as const;
