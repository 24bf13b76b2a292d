// Fills a template as often as asked: node docxtemplater.js NODE_MODULES TEMPLATE; first line the data, then "first count".
const { createRequire } = require("module");
const { readFileSync } = require("fs");
const [modules, path] = process.argv.slice(2);
const load = createRequire(`${modules}/`);
const Docxtemplater = load("docxtemplater");
const PizZip = load("pizzip");
const template = readFileSync(path);
let data;
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  if (!data) {
    data = JSON.parse(line);
    return;
  }
  const [first, count] = line.split(" ").map(Number);
  let size = 0;
  for (let number = first; number < first + count; number += 1) {
    const document = new Docxtemplater(new PizZip(template), { paragraphLoop: true, linebreaks: true });
    document.render(data[number % data.length]);
    size += document.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" }).length;
  }
  console.log(size);
});
