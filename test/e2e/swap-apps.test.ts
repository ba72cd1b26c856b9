/**
 * Apps that are edited thirty times in one open page: what is on screen follows, and what the page holds stays. Each table of edits says
 * which cannot be made so, and what the page says then.
 */
import { test } from 'node:test';
import { classesApp } from './swap-app-classes.ts';
import { litApp } from './swap-app-lit.ts';
import { reactApp } from './swap-app-react.ts';
import { editApp } from './swap-app.ts';

test('a list of things to do, in plain classes', (t) => editApp(t, classesApp));

test('the same with React', (t) => editApp(t, reactApp));

test('the same with Lit, changed in place always', (t) => editApp(t, litApp));
