// Proves that both languages have the same texts: the same keys with the same placeholders, none empty, none left over
// that no source file asks for.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const source = fileURLToPath(new URL('../src', import.meta.url));
const texts = (language) => {
  const folder = join(source, 'i18n', language);
  const all = {};
  for (const file of readdirSync(folder)) {
    flatten(JSON.parse(readFileSync(join(folder, file), 'utf8')), file.replace('.json', ''), all);
  }
  return all;
};

function flatten(value, path, into) {
  if (typeof value === 'string') into[path] = value;
  else for (const [key, inner] of Object.entries(value)) flatten(inner, `${path}.${key}`, into);
}

const marks = (text) => [...text.matchAll(/\{\{\w+\}\}|<\/?\w+\/?>/g)].map(([mark]) => mark).sort().join(' ');
const base = (key) => key.replace(/_(one|other)$/, '');

const en = texts('en');
const zh = texts('zh-CN');
const problems = [];
const zhBases = new Set(Object.keys(zh).map(base));
const enBases = new Set(Object.keys(en).map(base));
for (const key of enBases) if (!zhBases.has(key)) problems.push(`zh-CN has no ${key}`);
for (const key of zhBases) if (!enBases.has(key)) problems.push(`en has no ${key}`);
for (const [language, all] of [['en', en], ['zh-CN', zh]]) {
  for (const [key, text] of Object.entries(all)) if (text.trim() === '') problems.push(`${language} ${key} is empty`);
}
for (const [key, text] of Object.entries(zh)) {
  const original = en[key] ?? en[`${base(key)}_other`];
  if (original !== undefined && marks(original) !== marks(text)) problems.push(`${key}: other placeholders in zh-CN`);
}

// A key counts as used when its last word stands in a source file, or the word before it in a template.
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
const code = files.map((file) => readFileSync(join(source, file), 'utf8')).join('\n');
for (const key of process.argv.includes('--unused') ? enBases : []) {
  const [namespace, ...words] = key.split('.');
  const path = words.join('.');
  const parent = words.slice(0, -1).join('.');
  const tail = /[A-Z]\w+$/.exec(path)?.[0] ?? '';
  const isUsed =
    namespace === 'problems' ||
    new RegExp(`['"\`:]${path.replaceAll('.', '\\.')}['"\`]`).test(code) ||
    (parent !== '' && code.includes(`${parent}.\${`)) ||
    (tail !== '' && code.includes(`}${tail}\``));
  if (!isUsed) problems.push(`${key} is used nowhere`);
}

if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log(`${Object.keys(en).length} texts, each in both languages`);
