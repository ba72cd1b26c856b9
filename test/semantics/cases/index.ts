/** All cases of the module-semantics comparison, by the part of the standard that they ask about. */
import type { SemanticsCase } from '../case.ts';
import { awaitSyntaxCases } from './await-syntax.ts';
import { awaitCases } from './await.ts';
import { cycleCases } from './cycles.ts';
import { defaultExportCases } from './default-exports.ts';
import { dynamicCases } from './dynamic.ts';
import { errorCases } from './errors.ts';
import { exportCases } from './exports.ts';
import { scopeCases } from './imports-in-scopes.ts';
import { linkErrorCases } from './link-errors.ts';
import { liveBindingCases } from './live-bindings.ts';
import { namespaceCases } from './namespaces.ts';
import { orderCases } from './order.ts';
import { starCases } from './stars.ts';
import { syntaxCases } from './syntax.ts';

export const caseGroups: Readonly<Record<string, readonly SemanticsCase[]>> = {
  cycles: cycleCases,
  'live bindings': liveBindingCases,
  'default exports': defaultExportCases,
  'exports and imports': exportCases,
  'link errors': linkErrorCases,
  stars: starCases,
  'namespace objects': namespaceCases,
  'order of evaluation': orderCases,
  'top-level await': awaitCases,
  'the syntax of await': awaitSyntaxCases,
  errors: errorCases,
  'import()': dynamicCases,
  'imports in scopes': scopeCases,
  'module text': syntaxCases,
};
