// Adds up the results of the test projects (CTRF files) and prints the closing line 'N passed, N failed'.
// usage: sum-results.mjs DIR [PROJECT-THAT-ENDED-BADLY...]
import fs from 'node:fs';
import path from 'node:path';

const [directory, ...endedBadly] = process.argv.slice(2);
let passed = 0, failed = 0;
const skipped = [];

for (const file of fs.readdirSync(directory).filter(name => name.endsWith('.json'))) {
  const project = path.basename(file, '.json');
  const { results } = JSON.parse(fs.readFileSync(path.join(directory, file), 'utf8'));
  passed += results.summary.passed;
  failed += results.summary.failed;
  if (results.summary.failed > 0) endedBadly.splice(endedBadly.indexOf(project) >>> 0, 1);
  for (const test of results.tests) {
    if (test.status === 'failed') console.log(`FAILED ${test.name}`);
    if (test.status === 'skipped') skipped.push(`${test.name}: ${test.message ?? test.trace ?? `see the project's log for the reason`}`);
  }
}

// A project that ended badly without a failed test crashed, or ran nothing: that is a failure too.
for (const project of endedBadly) console.log(`FAILED ${project} as a whole; see ${directory}/${project}.log`);
failed += endedBadly.length;
for (const line of skipped) console.log(`skipped ${line}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
