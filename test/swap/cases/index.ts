/** All cases of hot-swap, by what is edited. */
import type { SwapCase } from '../case.ts';
import { classCases } from './classes.ts';
import { closureCases } from './closures.ts';
import { dataCases } from './data.ts';
import { es5Cases } from './es5.ts';
import { exportCases } from './exports.ts';
import { foundCases } from './found.ts';
import { functionCases } from './functions.ts';
import { inheritanceCases } from './inheritance.ts';
import { migrateCases } from './migrate.ts';
import { moduleCases } from './modules.ts';
import { objectsBeforeCases } from './objects-before.ts';
import { privateCases } from './private.ts';
import { refusalCases } from './refusals.ts';
import { revertCases } from './reverts.ts';
import { sharedValueCases } from './shared-values.ts';
import { staticCases } from './statics.ts';
import { timerListenerCases } from './timers-listeners.ts';
import { variableCases } from './variables.ts';

export const caseGroups: Readonly<Record<string, readonly SwapCase[]>> = {
  functions: functionCases,
  variables: variableCases,
  data: dataCases,
  classes: classCases,
  'private names': privateCases,
  statics: staticCases,
  inheritance: inheritanceCases,
  'ES5 prototypes': es5Cases,
  modules: moduleCases,
  closures: closureCases,
  'timers and listeners': timerListenerCases,
  refusals: refusalCases,
  reverts: revertCases,
  'found by random programs': foundCases,
  'names of exports': exportCases,
  'objects of before': objectsBeforeCases,
  'values of others': sharedValueCases,
  migrate: migrateCases,
};
